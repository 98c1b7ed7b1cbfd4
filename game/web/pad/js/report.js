// Reporting a drawing: asked twice, then it is hidden from everyone at once.

import { button } from "./dom.js";
import { t } from "./strings.js";

const UNSURE = 4000; // ms in which the second press counts

/** A button that reports the replay with the id. */
export function reporter(id, connection) {
  let asked = -Infinity;
  const flag = button("", press, { symbol: "flag", className: "plain report", label: t("report.ask") });
  function press() {
    if (performance.now() - asked > UNSURE) {
      asked = performance.now();
      flag.classList.add("asked");
      flag.setAttribute("aria-label", t("report.sure"));
      flag.title = t("report.sure");
    } else {
      connection.send({ type: "report", replay: id });
      flag.remove();
    }
  }
  return flag;
}
