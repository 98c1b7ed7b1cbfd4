// Reporting a drawing: asked twice, then it is hidden from everyone at once.

import { button } from "./dom.js";
import { t } from "./strings.js";

const UNSURE = 4000; // ms in which the second press counts
const SLIP = 4000; // ms that the slip about a failure stays

/** A button that reports the replay with the id; `page`: connection, notes. */
export function reporter(id, { connection, notes }) {
  let asked = -Infinity;
  const flag = button("", press, { symbol: "flag", className: "plain report", label: t("report.ask") });
  function press() {
    if (performance.now() - asked > UNSURE) {
      asked = performance.now();
      flag.classList.add("asked");
      flag.setAttribute("aria-label", t("report.sure"));
      flag.title = t("report.sure");
    } else if (connection.send({ type: "report", replay: id })) flag.remove();
    else {
      asked = performance.now(); // the next press tries again
      notes.pass(t("report.failed"), SLIP);
    }
  }
  return flag;
}
