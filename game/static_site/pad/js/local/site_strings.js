// What the page says otherwise where there is no server, and about the guesser that has to come first.

import { en } from "../en.js";

Object.assign(en, {
  ghosts: "Race a ghost",
  ghostsText: "Yourself, or a recorded hand",
  loading: (loaded, total) => `Loading the guesser: ${loaded} of ${total} MB`,
  gone: {
    title: "The guesser did not come",
    text: "It has to be fetched once; after that it plays without a line. Is there one?",
    yes: "Try again",
  },
});
en.meet.speech = "Same word for both. Whoever makes me see it first, wins!";
en.problems.unknown_room = {
  title: "No rooms here",
  text: "This page plays by itself, without a server. But there are ghosts.",
  yes: "Race a ghost",
  no: "Home",
};
en.problems.unknown = {
  title: "Nothing here yet",
  text: "Drawings stay in the browser that drew them, and this one has none like that.",
  yes: "Race somebody",
  no: "Home",
};
