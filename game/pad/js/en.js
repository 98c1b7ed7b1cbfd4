// English: every word the page says.

export const en = {
  title: "Doodle Race",
  goHome: "Doodle Race: back to the first page",
  sound: "Sound",
  headline: "Draw.",
  headlineRest: "Before the AI guesses you, nobody knows you’re an artist.",
  play: "Play now",
  playText: "60 seconds. How many words?",
  quickSix: "Quick Six",
  quickSixText: "Six words, 20 s each",
  practise: "Practise",
  practiseText: "No clock, no hurry",
  pad: "Sketch pad. Draw with mouse, pen or finger. Or: arrow keys move the marker, space puts it down and lifts it.",
  hint: "Draw here",
  hintKeys: "Arrows move the marker, space puts it down",
  undo: "Undo",
  clear: "Clear",
  skip: "Skip",
  skipCost: "Skip −3 s",
  again: "Play again",
  home: "Home",
  go: "Go!",
  ready: "Marker ready?",
  drawA: (word) => `Draw ${article(word)}`,
  drawAnything: "Draw anything",
  knows: (count) => `I know ${count} words. Try me.`,
  wordOf: (round, rounds) => `Word ${round} of ${rounds}`,
  watching: "I’m watching…",
  hover: {
    none: "a fish? … a bird? … show me!",
    sprint: "Sixty seconds. Bring it on!",
    quick_six: "Six words? I’ll be quick.",
    practise: "No hurry. Let’s doodle.",
  },
  guess: (word) => `${article(word)} ${word}?`,
  sure: (word) => `${article(word)} ${word}!`,
  ellipsis: "\u00a0… ",
  hmm: "Hmm\u00a0… ",
  gotIt: (word) => `${capital(article(word))} ${word}! I knew it!`,
  bell: (word, seen) => `Time! ${seen && seen !== word ? `I saw ${article(seen)} ${seen}.` : "So close!"}`,
  skipped: (word) => `${capital(article(word))} ${word}, right? Next!`,
  stamp: { guessed: "Got it!", bell: "Time!", skipped: "Skipped" },
  stampText: (word, seconds) => `${word} in ${seconds}`,
  seconds: (milliseconds) => `${(milliseconds / 1000).toFixed(1)} s`,
  spoken: (word, percent) => `${word}, ${percent} percent`,
  spokenWord: (word) => `Draw ${article(word)} ${word}.`,
  thermo: (percent) => `How sure the guesser is of your word: ${percent} percent`,
  mark: { guessed: "guessed", bell: "not guessed in time", skipped: "skipped", next: "to come" },
  overWords: (count) => (count === 1 ? "word guessed" : "words guessed"),
  overPoints: "points",
  overSix: (count) => `${count} of 6 guessed.`,
  overHalf: (points) => `${points} points: something for the one at the bell, too.`,
  overBest: (word, seconds) => `Fastest: ${article(word)} ${word} in ${seconds}.`,
  overNone: "Not one, this time. I’m new to this too!",
  thought: (words) => `I thought: ${words}`,
  thoughtNothing: "I had nothing to look at.",
  tags: { guessed: (seconds) => seconds, bell: () => "bell", skipped: () => "skipped" },
  drawingOf: (word) => `Your drawing of ${article(word)} ${word}`,
  list: (words) => words.join(", "),
  lost: "Line lost. Keep drawing, I’m redialling …",
  full: "This sheet is full. Undo a line or clear it.",
  gone: {
    title: "Nobody’s answering",
    text: "The game’s server is away. I keep trying; your marker is safe with me.",
    yes: "Try now",
  },
  restarted: {
    title: "The game was restarted",
    text: "The server was away and forgot this round. Sorry! A new one starts at once.",
    yes: "Play again",
    no: "Home",
  },
  replaced: {
    title: "You’re playing in another tab",
    text: "One sheet, one marker: this game moved there.",
    yes: "Play here",
  },
};

function article(word) {
  if (/^(the|a|an) /i.test(word)) return "";
  return /^[aeiou]/i.test(word) ? "an" : "a";
}

function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
