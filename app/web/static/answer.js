/* The questions one at a time, a draft, reading aloud, sending again when the network fails.
   The page works without it. ES2017 at most: an older browser leaves it and keeps the form. */
(() => {
  "use strict";
  const doc = document, root = doc.documentElement;
  const $ = (selector, inside) => (inside || doc).querySelector(selector);
  const all = (selector, inside) => [...(inside || doc).querySelectorAll(selector)];
  const fill = (text, n, total) => text.replace("{n}", n).replace("{total}", total);

  /* The draft: on this device only, for 24 hours; without it where storage is refused. */
  const name = "recueil:" + location.pathname.replace("partenaire/", "").split("/")[1].toUpperCase();
  const stored = (act) => { try { return act(localStorage); } catch (_) { /* refused, or full */ } };
  const forget = () => stored((storage) => storage.removeItem(name));

  function saved() {
    const found = stored((storage) => JSON.parse(storage.getItem(name))) || [0];
    return Date.now() - found[0] < 864e5 ? found : forget() || [];
  }

  /* A number, an e-mail, an IBAN: the person is told, never stopped. */
  const PERSONAL = /\S@\S+\.\w|\d([ .\/-]?\d){8}|\b[a-z]{2}\d\d( ?[a-z\d]{4}){3}/i;

  function start() {
    const code = $("[data-fragment]");
    const typed = location.hash.replace(/[^0-9a-z]/gi, "");
    if (code && typed.length == code.dataset.fragment) {
      code.value = typed.toUpperCase();
      history.replaceState(null, "", location.pathname);
    }
    if ($("[data-page]")) forget();
    const form = $("[data-mots]");
    if (form) ask(form);
    else if ($("[data-ferme]")) deliver();
    dispatchEvent(new Event("recueil"));
  }

  function focus(part) {
    part.tabIndex = -1;
    part.focus();
  }

  /* The sign-in page of a public Wi-Fi also answers 200: only ours is believed. */
  async function exchange(body) {
    try {
      const answer = await fetch(location.pathname, { method: "POST", body });
      if (answer.status > 499 || answer.status == 429) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      return $(".sheet #contenu", page) && page;
    } catch (_) { /* no network */ }
  }

  /* Show the page that came back, without leaving: a new one would not carry the answers. */
  function turn(page) {
    window.ononline = null;
    window.onpopstate = () => location.hash || location.reload();
    root.classList.remove("js");
    const sheets = "style,[rel=stylesheet]";
    all(sheets).forEach((sheet) => sheet.remove());
    doc.head.append(...all(sheets, page));
    doc.title = page.title;
    doc.body = page.body;
    scrollTo(0, 0);
    start();
    focus($("[role=alert]") || $("h1"));
  }

  /* The page closed while an answer waited here: it leaves all the same, with its own day. */
  async function deliver() {
    const [, day, said] = saved();
    const page = day && await exchange(new URLSearchParams(`${said}&jour=${day}`));
    if (!page) return;
    forget();
    turn(page);
  }

  function ask(form) {
    const [toContinue, toSend, toRetry, sendingNow, noNetwork, position, room, tooLong, personal] =
      form.dataset.mots.split("|");
    const whole = "tout" in form.dataset, questions = all(".question");
    const key = form.elements.cle, status = $("[data-etat]"), send = $(".main", form);
    const back = $("[data-precedent]"), kept = $("[data-brouillon]"), listen = $(".listen");
    const end = $("[data-fin]"), title = doc.title, voices = window.speechSynthesis;
    let at = 0, day = "", choice = "", sending = false, timer = 0, waits = 0;

    const inputs = (question) => all("input,textarea", question);
    const typed = () => new URLSearchParams(new FormData(form));
    const hush = () => { if (voices) voices.cancel(); };

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
      if (kept) stored((storage) =>
        storage.setItem(name, JSON.stringify([Date.now(), day, typed().toString()])));
    }

    function restore() {
      const [since, sentOn, said] = kept ? saved() : [];
      if (!since) return;
      const values = new URLSearchParams(said);
      for (const input of form.elements) {
        const given = values.getAll(input.name);
        if (/radio|checkbox/.test(input.type)) input.checked = given.includes(input.value);
        /* A form that left keeps its key; another takes the new one. */
        else if (given[0] && (input != key || sentOn)) input.value = given[0];
      }
      kept.hidden = false;
      day = sentOn;
      return history.state;
    }

    function show(index, moved) {
      const list = applicable(), total = list.length;
      at = Math.max(0, Math.min(index, total - 1));
      questions.forEach((question) => { question.hidden = question != list[at]; });
      const count = fill(position, at + 1, total), heading = $(".ask", list[at]);
      $("#debut").hidden = at;
      $(".title").classList.toggle("vh", at);
      $(".count").textContent = $(".num", heading).textContent = count;
      doc.title = at ? count + " – " + title : title;
      $(".pages").innerHTML = list.map((one, rank) => rank == at ? "<li class=now>" : "<li>").join("");
      back.hidden = !at;
      hush();
      isLast();
      if (moved) {
        scrollTo(0, 0);
        focus(heading);
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
      history.pushState(at, "");
    }

    /* Send in the background, so that a failure leaves the answers where they are. */
    async function post() {
      if (sending) return;
      clearTimeout(timer);
      sending = true;
      /* The day here: Swedish writes it as 2026-01-31. */
      day = day || new Date().toLocaleDateString("sv");
      write();
      status.textContent = sendingNow;
      send.setAttribute("aria-disabled", true);
      const body = typed();
      body.append("jour", day);
      if (choice) body.append(choice, 1);
      const patience = new Promise((end) => setTimeout(end, 3e4));
      const page = await Promise.race([exchange(body), patience]);
      sending = false;
      send.removeAttribute("aria-disabled");
      if (page) {
        timer = 0;
        day = "";
        write();
        return turn(page);
      }
      timer = setTimeout(post, ++waits < 6 ? waits * waits * 1e3 : 3e4);
      send.firstChild.textContent = toRetry;
      status.textContent = noNetwork;
    }

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

    form.busy = () => sending || timer;
    form.oninput = form.onchange = changed;
    form.onsubmit = () => {
      if (whole || isLast()) post();
      else go(at + 1);
      return false;
    };
    all("button[name]").forEach((button) => {
      button.onclick = () => { choice = button.name; };
    });
    all("[role=alert] a").forEach((link) => {
      link.onclick = () => {
        $(link.hash).focus();
        return false;
      };
    });
    window.ononline = () => { if (timer) post(); };
    if (whole) return;
    root.classList.add("js");
    back.onclick = () => go(at - 1);
    /* A link inside the page also counts as a step, and leads to no other question. */
    window.onpopstate = ({ state }) => { if (!sending && !location.hash) show(state, true); };
    if (kept) $("button", kept).onclick = () => {
      forget();
      location.reload();
    };
    const reached = restore() || 0;
    show(day ? 99 : reached);
    if (day) post();
    if (voices) {
      offerVoice();
      voices.onvoiceschanged = offerVoice;
    }
  }

  /* Back after sending, from the browser's own memory: that page's key is spent. */
  window.onpageshow = (event) => { if (event.persisted) location.reload(); };
  start();
})();
