/* The questions one at a time, a draft, reading aloud, sending again when the network fails.
   The page works without it. ES2017 at most; what a browser lacks is simply not offered. */
(() => {
  "use strict";
  const doc = document, root = doc.documentElement;
  const $ = (selector, inside) => (inside || doc).querySelector(selector);
  const all = (selector, inside) => [...(inside || doc).querySelectorAll(selector)];
  const fill = (text, n, total) => text.replace("{n}", n).replace("{total}", total);

  /* The draft: on this device only, for 24 hours; without it where storage is refused. */
  const name = "recueil:" + location.pathname.split("/")[1].toUpperCase();
  const stored = (act) => { try { return act(localStorage); } catch (_) { /* refused, or full */ } };
  const forget = () => stored((storage) => storage.removeItem(name));

  /* A number, an e-mail, an IBAN: the person is told, never stopped. */
  const PERSONAL = /\S@\S+\.\w|\d([ .\/-]?\d){8}|\b[a-z]{2}\d\d( ?[a-z\d]{4}){3}/i;

  function start() {
    const code = $("[data-fragment]");
    const typed = location.hash.replace(/[^0-9a-z]/gi, "");
    if (code && typed.length == code.dataset.fragment) {
      code.value = typed.toUpperCase();
      history.replaceState(null, "", location.pathname);
    }
    if ($("main[data-page]")) forget();
    const form = $("form[data-mots]");
    if (form) ask(form);
    dispatchEvent(new Event("recueil"));
  }

  function ask(form) {
    const [toContinue, toSend, toRetry, sendingNow, noNetwork, position, room, tooLong, personal] =
      form.dataset.mots.split("|");
    const whole = "tout" in form.dataset, questions = all(".question", form);
    const key = form.elements.cle, status = $("[data-etat]"), send = $(".main", form);
    const back = $("[data-precedent]"), kept = $("[data-brouillon]"), listen = $(".listen");
    const end = $("[data-fin]"), title = doc.title;
    let at = 0, day = "", sending = false, timer = 0, waits = 0;

    const inputs = (question) => all("input,textarea", question);

    /* The questions that apply: a condition that leans on an ignored answer does not hold. */
    function applicable() {
      const counted = {};
      return questions.filter((question) => {
        const given = inputs(question), condition = question.dataset.si;
        const holds = !condition || condition.split("&").every((clause) => {
          const [asked, codes] = clause.split("=");
          return codes.split(",").some((code) => (counted[asked] || []).includes(code));
        });
        if (holds) counted[given[0].name] = given.filter((one) => one.checked).map((one) => one.value);
        return holds;
      });
    }

    function write() {
      if (kept) stored((storage) => storage.setItem(name, JSON.stringify({
        at: Date.now(), day, key: key.value, said: [...new FormData(form)],
      })));
    }

    function restore() {
      const found = kept && stored((storage) => JSON.parse(storage.getItem(name)));
      if (!found || Date.now() - found.at > 864e5) return forget();
      for (const input of form.elements) {
        const values = found.said.filter(([field]) => field == input.name).map(([, value]) => value);
        if (/radio|checkbox/.test(input.type)) input.checked = values.includes(input.value);
        else if (values.length && input != key) input.value = values[0];
      }
      kept.hidden = false;
      if (found.day) {
        day = found.day;
        key.value = found.key;
      }
      return true;
    }

    function show(index, focus) {
      const list = applicable(), total = list.length;
      at = Math.max(0, Math.min(index, total - 1));
      questions.forEach((question) => { question.hidden = question != list[at]; });
      const count = fill(position, at + 1, total), heading = $(".ask", list[at]);
      $("#debut").hidden = at;
      $(".title").classList.toggle("vh", at);
      $(".count").textContent = $(".num", heading).textContent = count;
      doc.title = at ? count + " – " + title : title;
      $(".pages").innerHTML = list.map((_, rank) =>
        `<li class="${rank < at ? "done" : rank > at ? "" : "now"}">`).join("");
      back.hidden = !at;
      hush();
      isLast();
      if (focus) {
        scrollTo(0, 0);
        heading.tabIndex = -1;
        heading.focus();
      }
    }

    /* An answer may open or close what follows, so the last question is known only now. */
    function isLast() {
      const last = at == applicable().length - 1;
      send.firstChild.textContent = timer ? toRetry : last ? toSend : toContinue;
      if (end) end.hidden = !last;
      return last;
    }

    function go(index) {
      if (sending) return;
      clearTimeout(timer);
      timer = 0;
      status.textContent = "";
      show(index, true);
      history.pushState({ at }, "");
    }

    /* Send in the background, so that a failure leaves the answers where they are. */
    function post() {
      if (sending) return;
      clearTimeout(timer);
      sending = true;
      const now = new Date();
      day = day || new Date(now - now.getTimezoneOffset() * 6e4).toISOString().slice(0, 10);
      write();
      status.textContent = sendingNow;
      send.setAttribute("aria-disabled", true);
      const body = new URLSearchParams(new FormData(form));
      body.append("jour", day);
      let over = false;
      const once = (act) => (value) => {
        if (over) return;
        over = true;
        sending = false;
        send.removeAttribute("aria-disabled");
        act(value);
      };
      const fail = once(() => {
        timer = setTimeout(post, ++waits < 6 ? waits * waits * 1e3 : 3e4);
        send.firstChild.textContent = toRetry;
        status.textContent = noNetwork;
      });
      setTimeout(fail, 3e4);
      fetch(location.pathname, { method: "POST", body }).then((answer) => {
        if (answer.status > 499 || answer.status == 429) throw answer;
        return answer.text();
      }).then((html) => {
        const page = new DOMParser().parseFromString(html, "text/html");
        /* The sign-in page of a public Wi-Fi also answers 200: only ours is believed. */
        if (!$(".sheet #contenu", page)) throw page;
        once(turn)(page);
      }).catch(fail);
    }

    /* Show the page that came back, without leaving: a new one would not carry the answers. */
    function turn(page) {
      day = "";
      write();
      timer = 0;
      removeEventListener("online", online);
      removeEventListener("popstate", travel);
      addEventListener("popstate", () => location.hash || location.reload());
      root.classList.remove("js");
      all("style,link[rel=stylesheet]").forEach((sheet) => sheet.remove());
      all("style,link[rel=stylesheet]", page).forEach((sheet) => doc.head.append(sheet));
      doc.title = page.title;
      doc.body = page.body;
      scrollTo(0, 0);
      start();
      const first = $("[role=alert]") || $("h1");
      first.tabIndex = -1;
      first.focus();
    }

    const voices = window.speechSynthesis, hush = () => { if (voices) voices.cancel(); };

    function offerVoice() {
      const voice = voices.getVoices().find((one) => !one.lang.indexOf(root.lang));
      listen.hidden = !voice;
      listen.onclick = () => {
        const reading = voices.speaking;
        hush();
        if (reading) return;
        const said = new SpeechSynthesisUtterance(
          all(".ask,.hint,.tile", applicable()[at]).map((part) => part.textContent).join(". "));
        said.voice = voice;
        said.lang = voice.lang;
        voices.speak(said);
      };
    }

    function changed({ target }) {
      const question = target.closest(".question"), { seul, max } = target.dataset;
      if (target.checked && target.type == "checkbox") {
        inputs(question).forEach((other) => {
          if (other != target && (seul != null || other.dataset.seul != null)) other.checked = false;
        });
      }
      if (max) {
        const left = max - [...target.value.trim()].length;
        $(".left", question).textContent = fill(left < 0 ? tooLong : room, Math.abs(left));
        $(".personal", question).textContent = PERSONAL.test(target.value) ? personal : "";
      }
      write();
      if (kept) kept.hidden = false;
      if (!whole) isLast();
    }

    const online = () => { if (timer) post(); };
    /* A link inside the page also counts as a step, and leads to no other question. */
    const travel = ({ state }) => { if (!sending && !location.hash) show(state && state.at, true); };

    if (!window.fetch || !window.URLSearchParams) return;
    form.busy = () => sending || timer;
    form.oninput = form.onchange = changed;
    form.onsubmit = () => {
      if (whole || isLast()) post();
      else go(at + 1);
      return false;
    };
    all("button[name]").forEach((button) => {
      button.onclick = () => { key.insertAdjacentHTML("beforebegin", `<input type="hidden" form="questions" name="${button.name}" value="1">`); };
    });
    all("[role=alert] a").forEach((link) => {
      link.onclick = () => {
        $(link.hash).focus();
        return false;
      };
    });
    addEventListener("online", online);
    if (whole) return;
    root.classList.add("js");
    back.onclick = () => go(at - 1);
    addEventListener("popstate", travel);
    if (kept) $("button", kept).onclick = () => {
      forget();
      location.reload();
    };
    const restored = restore();
    show(day ? 99 : restored && history.state && history.state.at || 0);
    if (day) post();
    if (voices) {
      offerVoice();
      voices.onvoiceschanged = offerVoice;
    }
  }

  /* Back after sending, from the browser's own memory: that page's key is spent. */
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  start();
})();
