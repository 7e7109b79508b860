// What is wider than its room can be scrolled by keyboard too, and only that is a stop on the way.
(() => {
  "use strict";
  const mark = () => {
    for (const wide of document.querySelectorAll(".bd-article table, .bd-article div.math")) {
      if (wide.scrollWidth > wide.clientWidth) wide.tabIndex = 0;
      else wide.removeAttribute("tabindex");
    }
  };
  addEventListener("load", mark);
  addEventListener("resize", mark);
})();
