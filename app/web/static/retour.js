// Back to the questions is back where one was: a personal link keeps its signs, and its place.
(function () {
  "use strict";
  var link = document.querySelector("[data-retour]"), came = document.referrer, here = location.origin;
  if (!link || came.indexOf(here + "/") || !came.indexOf(here + "/notice/")) return;
  link.addEventListener("click", function (event) {
    event.preventDefault();
    history.back();
  });
})();
