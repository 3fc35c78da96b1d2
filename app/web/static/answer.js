/* The questions one at a time, a draft, reading aloud, sending again when the network fails.
   The page works without it. ES2017 at most: an older browser leaves it and keeps the form. */
(() => {
  "use strict";
  const doc = document, root = doc.documentElement;
  const $ = (selector, inside) => (inside || doc).querySelector(selector);
  const all = (selector, inside) => [...(inside || doc).querySelectorAll(selector)];
  const read = (selector, inside) =>
    all(selector, inside).map((part) => part.textContent).join(". ");
  const fill = (text, n, total) => text.replace("{n}", n).replace("{total}", total);

  /* The draft: on this device only, for 24 hours; without it where storage is refused. */
  const name = "recueil:" + location.pathname.replace("partenaire/", "").split("/")[1].toUpperCase();
  const safely = (act) => { try { return act(); } catch (_) { /* refused, or full */ } };
  const forget = () => safely(() => delete localStorage[name]);
  const saved = () => safely(() => JSON.parse(localStorage[name])) || [];

  /* What anybody left here, whatever they answered, leaves after a day. */
  safely(() => Object.keys(localStorage).forEach((key) => {
    if (!key.indexOf("recueil:") && Date.now() - JSON.parse(localStorage[key])[0] > 864e5) {
      delete localStorage[key];
    }
  }));

  /* A number, an e-mail, an IBAN: the person is told, never stopped. */
  const PERSONAL = /\S@\S+\.\w|\d([ .\/-]?\d){8}|\b[a-z]{2}\d\d( ?[a-z\d]{4}){3}/i;

  function start() {
    const field = $("[data-fragment]"), form = $("[data-mots]"), receipt = $("[data-recu]");
    const typed = location.hash.replace(/[^0-9a-z]/gi, "");
    if (field && typed.length == field.dataset.fragment) {
      field.value = typed.toUpperCase();
      history.replaceState(null, "", location.pathname);
    }
    if ($("[data-page]")) forget();
    /* The code is shown again in this tab, should the page be loaded once more. */
    if (receipt) safely(() => { sessionStorage.recu = receipt.innerHTML; });
    if (form) ask(form);
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
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      page.later = answer.status > 499 || answer.status == 429;
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

  function ask(form) {
    const [next, done, again, going, offline, rank, room, tooLong, personal] =
      form.dataset.mots.split("|");
    const whole = "tout" in form.dataset, every = all(".question");
    const status = $("[data-etat]"), send = $(".main", form);
    const back = $("[data-precedent]"), kept = $("[data-brouillon]"), listen = $(".listen");
    const [erase, resume] = all("[data-brouillon] button");
    const end = $("[data-fin]"), title = doc.title, voices = window.speechSynthesis;
    let at = 0, day = "", choice = "", busy = false, timer = 0, waits = 0;

    const inputs = (part) => all("input,textarea", part);
    const typed = () => new URLSearchParams(new FormData(form));
    const hush = () => { if (voices) voices.cancel(); };

    /* The questions that apply: a condition that leans on an ignored answer does not hold. */
    function open() {
      const valid = {};
      return every.filter((part) => {
        const given = inputs(part), when = part.dataset.si;
        const holds = !when || when.split("&").every((clause) => {
          const [asked, codes] = clause.split("=");
          return codes.split(",").some((code) => (valid[asked] || []).includes(code));
        });
        if (holds) valid[given[0].name] = given.filter((one) => one.checked).map((one) => one.value);
        return holds;
      });
    }

    function write() {
      if (!kept) return;
      kept.hidden = false;
      safely(() => {
        localStorage[name] = JSON.stringify([Date.now(), day, typed().toString(), at]);
      });
    }

    /* With its key: a form that may have left counts once, corrected or not. */
    function redo() {
      const [since, sentOn, said, place] = kept ? saved() : [];
      if (!since) return;
      const values = new URLSearchParams(said);
      for (const input of form.elements) {
        const given = values.getAll(input.name);
        if (/radio|checkbox/.test(input.type)) input.checked = given.includes(input.value);
        else if (given[0]) input.value = given[0];
      }
      day = sentOn;
      at = place || 0;
      /* Whoever opens this address may be somebody else: nothing typed is shown before they ask
         for it. A page loaded again, or reached from one of the same code, goes on. */
      hold(!performance.navigation.type && !doc.referrer.includes(name.slice(8)));
    }

    function hold(held) {
      form.hidden = held;
      kept.hidden = false;
      resume.hidden = !held;
    }

    function show(index, moved) {
      const list = open(), total = list.length;
      at = Math.max(0, Math.min(index, total - 1));
      every.forEach((part) => { part.hidden = part != list[at]; });
      const count = fill(rank, at + 1, total), heading = $(".ask", list[at]);
      if (moved) {
        /* Whoever goes back to correct has not sent. */
        clearTimeout(timer);
        timer = 0;
        day = status.textContent = "";
        if (kept && !kept.hidden) write();
      }
      $("#debut").hidden = at || form.hidden;
      $(".title").classList.toggle("vh", at);
      $(".count").textContent = $(".num", heading).textContent = count;
      doc.title = at ? count + " – " + title : title;
      $(".pages").innerHTML = list.map((one, nth) => nth == at ? "<li class=now>" : "<li>").join("");
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
      const last = at == open().length - 1;
      send.firstChild.textContent = timer ? again : last ? done : next;
      if (end) end.hidden = !last;
      return last;
    }

    function go(index) {
      if (busy) return;
      show(index, true);
      history.pushState(at, "");
    }

    /* Send in the background, so that a failure leaves the answers where they are. */
    async function post() {
      if (busy) return;
      clearTimeout(timer);
      busy = true;
      /* The day here: Swedish writes it as 2026-01-31. */
      day = day || new Date().toLocaleDateString("sv");
      write();
      status.textContent = going;
      send.setAttribute("aria-disabled", true);
      const body = typed();
      body.append("jour", day);
      if (choice) body.append(choice, 1);
      const patience = new Promise((end) => setTimeout(end, 3e4));
      const page = await Promise.race([exchange(body), patience]);
      busy = false;
      send.removeAttribute("aria-disabled");
      if (page && !page.later) {
        timer = 0;
        day = "";
        write();
        return turn(page);
      }
      timer = setTimeout(post, ++waits < 6 ? waits * waits * 1e3 : 3e4);
      send.firstChild.textContent = again;
      status.textContent = page && read("h1,h1~p", page) || offline;
    }

    function offerVoice() {
      const voice = voices.getVoices().find((one) => !one.lang.indexOf(root.lang));
      listen.hidden = !voice;
      listen.onclick = () => {
        const reading = voices.speaking;
        hush();
        if (reading) return;
        const said = new SpeechSynthesisUtterance(read(".ask,.hint,.tile", open()[at]));
        said.voice = voice;
        said.lang = voice.lang;
        voices.speak(said);
      };
    }

    function changed({ target }) {
      const part = target.closest(".question"), { seul, max } = target.dataset;
      if (target.checked && target.type == "checkbox") {
        inputs(part).forEach((other) => {
          if (other != target && (seul != null || other.dataset.seul != null)) other.checked = false;
        });
      }
      if (max) {
        const left = max - [...target.value.trim()].length;
        $(".left", part).textContent = fill(left < 0 ? tooLong : room, Math.abs(left));
        $(".personal", part).textContent = PERSONAL.test(target.value) ? personal : "";
      }
      write();
      if (!whole) isLast();
    }

    form.busy = () => busy || timer;
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
    window.onpopstate = ({ state }) => { if (!busy && !location.hash) show(state, true); };
    if (kept) {
      erase.onclick = () => {
        if (form.hidden) {
          forget();
          return location.reload();
        }
        if (busy) return;
        hold(true);
        show(at, true);
        focus(kept);
      };
      resume.onclick = () => {
        hold(false);
        show(at, !day);
      };
    }
    form.insertAdjacentHTML("beforebegin", safely(() => sessionStorage.recu) || "");
    redo();
    show(day ? 99 : at);
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
