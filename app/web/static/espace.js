// Warn five minutes before the session ends, and offer to stay: nothing is lost by surprise.
(function () {
  "use strict";
  var notice = document.getElementById("veille");
  if (!notice) return;
  var timer;
  function wait() {
    notice.hidden = true;
    clearTimeout(timer);
    timer = setTimeout(function () { notice.hidden = false; }, 25 * 60 * 1000);
  }
  notice.querySelector("button").addEventListener("click", function () {
    fetch("/espace/compte", { method: "HEAD" }).then(function (answer) {
      if (answer.ok && !answer.redirected) wait();
    });
  });
  wait();
})();
