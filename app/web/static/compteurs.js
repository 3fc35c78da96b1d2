// Counts that move by themselves: asked every five seconds, only while somebody looks at the page.
(function () {
  "use strict";
  var board = document.querySelector("[data-compteurs]");
  if (!board || !window.fetch) return;
  var address = board.getAttribute("data-compteurs"), timer = 0, over = false;
  var said = board.querySelector("[data-annonce]"), NOUN = /(réponse|témoignage)s?/;
  function written(count) { return count.toLocaleString("fr-FR"); }
  function put(name, count) {
    var place = board.querySelector('[data-compte="' + name + '"]');
    var text = written(count);
    if (!place || place.textContent.replace(/\s/g, "") === text.replace(/\s/g, "")) return false;
    place.textContent = text;
    var noun = place.nextSibling;
    if (noun) noun.textContent = noun.textContent.replace(NOUN, "$1" + (count === 1 ? "" : "s"));
    return true;
  }
  function total() {
    var place = board.querySelector('[data-compte="total"]');
    return place.textContent + " " + NOUN.exec(place.nextSibling.textContent)[0];
  }
  function show(counts) {
    if (put("total", counts.total)) said.textContent = total();
    Object.keys(counts.campaigns).forEach(function (id) {
      var one = counts.campaigns[id], doors = board.querySelector('[data-portes="' + id + '"]');
      if (put(id, one.total) && doors) doors.innerHTML = one.drawn;
    });
  }
  function stop() {
    over = true;
    board.querySelector("[data-fini]").hidden = false;
  }
  function ask() {
    clearTimeout(timer);
    if (document.hidden || over) return;
    fetch(address, { credentials: "same-origin" }).then(function (answer) {
      // Led to the sign-in page, or refused: the session is over.
      if (answer.redirected || answer.status === 401 || answer.status === 403) return stop();
      return answer.ok ? answer.json().then(show) : undefined;
    }).catch(function () { /* no network: the next one may pass */ }).then(wait);
  }
  function wait() { timer = setTimeout(ask, 5000); }
  document.addEventListener("visibilitychange", ask);
  wait();
})();
