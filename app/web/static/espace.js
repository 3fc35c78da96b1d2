// Nothing typed here outlives a sign-out, in no tab of the desk: only the desk keeps in a tab.
(function () {
  "use strict";
  var form = document.querySelector("form[action='/espace/deconnexion']");
  var tabs = window.BroadcastChannel ? new BroadcastChannel("espace") : null;
  function empty() { try { sessionStorage.clear(); } catch (error) { /* refused: nothing is kept */ } }
  if (tabs) tabs.onmessage = empty;
  if (form) form.addEventListener("submit", function () {
    empty();
    if (tabs) tabs.postMessage("fini");
  });
})();
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
