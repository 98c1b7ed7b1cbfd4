// Texts that differ where there is no server, and those about loading the guesser.

import { en } from "../en.js";

Object.assign(en, {
  ghosts: "Race a ghost",
  ghostsText: "Yourself, or a recording",
  loading: (loaded, total) => `Loading the guesser: ${loaded} of ${total} MB`,
  gone: {
    title: "The guesser could not be loaded",
    text: "It is downloaded once; afterwards the game plays offline. Is this device online?",
    yes: "Try again",
  },
});
en.meet.speech = "You both draw the same word. The first one I recognise wins!";
en.problems.unknown_room = {
  title: "There are no rooms here",
  text: "This page plays without a server, so there are no rooms. You can race a ghost.",
  yes: "Race a ghost",
  no: "Home",
};
en.problems.unknown = {
  title: "This drawing is not here",
  text: "Drawings are stored only in the browser in which they were drawn.",
  yes: "Race a ghost",
  no: "Home",
};
