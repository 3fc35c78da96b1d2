/* Telling: a draft on this device, recording in the page, files that leave piece after piece once
   the words are in. The page works without it. ES2018: an older browser keeps the file fields. */
(() => {
  "use strict";
  const doc = document, root = doc.documentElement;
  const $ = (selector, inside) => (inside || doc).querySelector(selector);
  const all = (selector, inside) => [...(inside || doc).querySelectorAll(selector)];
  const fill = (text, n) => text.replace("{n}", n);
  const wait = (time) => new Promise((end) => setTimeout(end, time));

  /* What was recorded or chosen, by field: it outlives a form that comes back to be mended. */
  const takes = {};
  const PIECE = 524288, SMALLEST = 65536;
  const voices = window.speechSynthesis;
  let running = null, sending = false, reading = null;

  /* The draft: words and choices, never a recording. */
  const name = "recueil:temoin:" + location.pathname.split("/")[2].toUpperCase();
  const stored = (act) => { try { return act(localStorage); } catch (_) { /* refused, or full */ } };
  const forget = () => stored((storage) => storage.removeItem(name));

  function saved() {
    const found = stored((storage) => JSON.parse(storage.getItem(name))) || [0];
    return Date.now() - found[0] < 864e5 ? found : forget() || [];
  }

  /* What anybody began here and never sent goes after a day, whichever page is opened next. */
  stored((storage) => Object.keys(storage).filter((one) => !one.indexOf("recueil:")).forEach((one) => stored(() => {
    if (Date.now() - JSON.parse(storage[one])[0] >= 864e5) storage.removeItem(one);
  })));

  /* A number, an e-mail, an IBAN: the person is told, never stopped. */
  const PERSONAL = /\S@\S+\.\w|\d([ .\/-]?\d){8}|\b[a-z]{2}\d\d( ?[a-z\d]{4}){3}/i;

  function start() {
    const form = [...doc.forms].find((one) => one.elements.cle && $("textarea", one));
    if (form) tell(form);
    dispatchEvent(new Event("recueil"));
  }

  function focus(part) {
    part.tabIndex = -1;
    part.focus();
  }

  /* Show the page that came back, without leaving: what was recorded stays in memory. */
  function turn(page) {
    window.ononline = window.onbeforeunload = null;
    if (voices) voices.cancel();
    const sheets = "style,[rel=stylesheet]";
    all(sheets).forEach((sheet) => sheet.remove());
    doc.head.append(...all(sheets, page));
    doc.title = page.title;
    doc.body = page.body;
    scrollTo(0, 0);
    start();
    focus($("[role=alert]:not([hidden])") || $("h1"));
  }

  function tell(form) {
    const part = $("[data-dire]", form), send = $(".actions .main[type=submit],.actions .main:not([type])", form);
    const words = JSON.parse(form.dataset.mots);
    const status = $("[data-etat]", form), kept = $("[data-brouillon]"), key = form.elements.cle;
    let choice = null, alone = false, timer = 0, waits = 0, sent = 0;

    const typed = () => new URLSearchParams(
      [...new FormData(form)].filter(([, value]) => typeof value == "string"));
    const list = () => Object.values(takes);
    const agreed = () => (form.elements.garder_media || {}).value == "oui";
    const fold = $(".other", form), unfold = () => { fold.open = true; };
    const say = (text) => { if (status) status.textContent = text; };

    function write() {
      if (kept) stored((storage) => {
        storage.setItem(name, JSON.stringify([Date.now(), sent, typed().toString()]));
        sessionStorage.setItem(name, 1);
      });
    }

    /* The device may be shared: only this tab goes on by itself, before anybody else it asks, as
       it does before it erases. */
    function offerDraft() {
      const [erase, goOn] = all("button", kept);
      const rest = [...kept.parentNode.children].filter((one) => one != kept && one.nodeName != "H1");
      const ask = (asking) => {
        rest.forEach((one) => { one.hidden = asking; });
        kept.hidden = goOn.hidden = !asking;
      };
      erase.onclick = async () => {
        if (form.hidden) {
          forget();
          window.onbeforeunload = null;
          return location.reload();
        }
        if (sending || timer) return;
        if (running) await running();
        ask(true);
        goOn.onclick = () => {
          ask(false);
          kept.hidden = false;
          erase.focus();
        };
        focus(kept);
      };
      if (!saved()[0]) return;
      if (kept.dataset.brouillon || stored(() => sessionStorage.getItem(name))) return restore();
      ask(true);
      goOn.onclick = () => {
        ask(false);
        restore();
        focus($("h1"));
      };
    }

    /* What was recorded lives in this page alone: nobody leaves it by mistake. */
    function hold() {
      const held = part.dataset.depot && (running || list().length);
      window.onbeforeunload = held ? (event) => { event.preventDefault(); event.returnValue = ""; } : null;
    }

    function offerVoice() {
      const voice = voices.getVoices().find((one) => !one.lang.indexOf(root.lang));
      all("[data-lire]").forEach((button) => {
        button.hidden = !voice;
        button.onclick = () => {
          const again = reading == button && voices.speaking;
          voices.cancel();
          if (again) return;
          reading = button;
          const said = new SpeechSynthesisUtterance(
            all("dt,dd,h3,.lead,.soft,.err,.tile", button.closest("[data-lu]"))
              .filter((one) => one.offsetParent).map((one) => one.textContent).join(". "));
          said.voice = voice;
          said.lang = voice.lang;
          voices.speak(said);
        };
      });
    }

    function restore() {
      const [, left, said] = saved();
      const values = new URLSearchParams(said);
      for (const input of form.elements) {
        const given = values.getAll(input.name);
        if (/radio|checkbox/.test(input.type)) input.checked = given.includes(input.value);
        /* Words that may have left keep their key: they count once. */
        else if (/text|select/.test(input.type) && given[0] || input == key && left) input.value = given[0];
      }
      if (fold && agreed()) unfold();
      sent = left;
      kept.hidden = false;
    }

    function changed({ target }) {
      const { max } = target.dataset, left = max && max - [...target.value.trim()].length;
      const room = $(".left", target.parentNode);
      if (max && room) room.textContent = fill(left < 0 ? words.trop : words.reste, Math.abs(left));
      const personal = max && $(".personal", target.parentNode);
      if (personal) personal.textContent = PERSONAL.test(target.value) ? words.numero : "";
      if (target.type == "file") return;
      if (target.name == "garder_media") warn(target.value == "non");
      write();
      if (kept) kept.hidden = false;
    }

    /* A recording without the agreement to keep it never leaves: the person is told before. */
    function warn(needed) {
      const box = part && $("[data-sans-accord]");
      if (!box) return;
      send.closest(".actions").before(box);
      box.hidden = !(needed && list().length);
      return !box.hidden;
    }

    async function submit() {
      if (sending) return;
      clearTimeout(timer);
      if (running) await running();
      if (!alone && !agreed() && warn(true)) return focus($("[data-sans-accord]"));
      const leaving = alone ? [] : list();
      const body = typed();
      leaving.forEach(({ kind, blob }) => body.append("annonce", kind + ":" + blob.size));
      if (choice && choice.name) body.append(choice.name, choice.value);
      sending = sent = 1;
      write();
      say(words.envoi);
      send.setAttribute("aria-disabled", true);
      const answer = await Promise.race([exchange(body), wait(3e4)]);
      sending = false;
      send.removeAttribute("aria-disabled");
      if (!answer) return again();
      sent = 0;
      if (answer.ok) forget();
      else write();
      if (answer.ok && leaving.length && part.dataset.depot && !await leave(leaving, typed(), answer.page)) return;
      if (answer.ok) list().forEach((take) => delete takes[take.field]);
      turn(answer.page);
    }

    /* The sign-in page of a public Wi-Fi also answers 200: only ours is believed. */
    async function exchange(body) {
      try {
        const answer = await fetch(form.action, { method: "POST", body });
        if (answer.status > 499 || answer.status == 429) return;
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        return $(".sheet #contenu", page) && { page, ok: answer.ok };
      } catch (_) { /* no network */ }
    }

    function again() {
      timer = setTimeout(submit, ++waits < 6 ? waits * waits * 1e3 : 3e4);
      say(words.panne);
    }

    /* The words are in: what was recorded follows, and the page stays until it is there. */
    async function leave(leaving, values, page) {
      const panel = $("[data-depart]"), main = $("main");
      sending = true;
      const written = $("textarea", form).value.trim(), code = $("[data-recu]", panel);
      const parts = [...main.childNodes];
      const head = doc.createElement("h1"), below = $(".depart-head", panel);
      head.className = below.className;
      head.append(...below.childNodes);
      below.replaceWith(head);
      $("[data-arrive]", panel).textContent = written ? words.mots : words.envoi;
      $("svg", head).style.display = written ? "" : "none";
      /* The code as soon as it opens something: a telephone that dies would take it along. */
      code.hidden = !written;
      $("[data-code]", panel).textContent = all(".ticket .code span", page).map((group) => group.textContent).join("-");
      main.textContent = "";
      main.append(panel);
      panel.hidden = false;
      scrollTo(0, 0);
      focus(head);
      let arrived = 0;
      for (const take of leaving) {
        arrived += await carry(take, values.get("cle"), panel);
        if (arrived) code.hidden = false;
      }
      sending = false;
      if (!arrived && !written && await isEmpty(leaving[0], values.get("cle"))) {
        part.append(panel);
        panel.hidden = true;
        main.append(...parts);
        leaving.forEach(({ field }) => $(`[data-moyen=${field}] [data-enlever]`, part).click());
        write();
        say(words.vide);
        return focus(status);
      }
      const promise = $("[data-media]", page);
      if (promise && !arrived) promise.remove();
      return true;
    }

    /* No word, and no file that could come: nothing stays there, and the page is as it was. */
    async function isEmpty({ field, blob }, key) {
      const { vide } = await piece(field, key, blob, 0, 0, { "Recueil-Fin": 1 });
      return vide;
    }

    /* One file, from where the server says it is; 1 when all of it is there. */
    async function carry(take, code, panel) {
      const { field, blob, box } = take, total = blob.size, said = $("[data-va]", panel);
      const bar = $("progress", panel), broken = $("[data-rompu]", panel), held = $("[data-gardez]", panel);
      let at = 0, size = PIECE, tries = 0;
      const show = () => {
        const done = Math.floor(at / total * 100);
        bar.value = done;
        $("[data-cent]", panel).textContent = fill(words.cent, done);
      };
      const tellHow = (going) => {
        said.textContent = going ? box.part : box.attend;
        held.textContent = going ? panel.gardez : words.encore;
        broken.hidden = going;
      };
      panel.gardez = panel.gardez || held.textContent;
      tellHow(true);
      show();
      while (at < total) {
        const answer = await piece(field, code, blob, at, size);
        if (answer.message) {
          said.textContent = answer.message;
          held.textContent = "";
          if (await pressed(panel)) return 0;
        }
        if (answer.taille > at || answer.taille < at) {
          if (tries) tellHow(true);
          at = answer.taille;
          tries = 0;
          size = Math.min(PIECE, size * 2);
          show();
          continue;
        }
        size = Math.max(SMALLEST, size / 2);
        tellHow(false);
        if (await pressed(panel, ++tries < 6 ? tries * tries * 1e3 : 3e4)) return 0;
      }
      return 1;
    }

    /* Wait for a button, for the network, or for the time to pass; true: go on without it. */
    function pressed(panel, time) {
      const broken = $("[data-rompu]", panel), retry = $("[data-encore]", panel);
      broken.hidden = false;
      retry.hidden = !time;
      return new Promise((end) => {
        $("[data-continuer]", panel).onclick = () => end(true);
        retry.onclick = window.ononline = () => end(false);
        if (time) setTimeout(end, time, false);
      });
    }

    async function piece(field, code, blob, at, size, more) {
      const stop = new AbortController(), late = setTimeout(() => stop.abort(), 12e4);
      try {
        const answer = await fetch(part.dataset.depot, {
          method: "POST",
          body: blob.slice(at, at + size),
          signal: stop.signal,
          headers: Object.assign({
            "Content-Type": "application/octet-stream", "Accept-Language": root.lang,
            "Recueil-Cle": code, "Recueil-Champ": field, "Recueil-Debut": at, "Recueil-Total": blob.size,
          }, more),
        });
        const said = await answer.json();
        return answer.status > 499 || answer.status == 429 ? {} : said;
      } catch (_) {
        return {};
      } finally {
        clearTimeout(late);
      }
    }

    /* One way to tell: record, listen, begin again, take away; or choose a file. */
    function tool(box) {
      const { moyen: field, nature: kind, secondes, octets, lourd } = box.dataset;
      const input = $("input", box), first = $("[data-premier]", box), view = $("[data-vue]", box);
      const shown = $("[data-ecoute]", box), said = $("[data-dit]", box), stop = $("[data-arreter]", box);
      const panels = ["pret", "prise", "repris"].map((one) => $(`[data-${one}]`, box));
      const devices = navigator.mediaDevices, photo = kind == "image";
      const records = devices && devices.getUserMedia && window.MediaRecorder;
      const camera = input.getAttribute("capture");
      let stream = null;

      const open = (rank) => panels.forEach((panel, one) => { panel.hidden = one != rank; });
      const tellIt = (text) => { said.textContent = text || ""; };

      function keep(blob, text) {
        takes[field] = { field, kind, blob, text, box: box.dataset };
        if (shown.src) URL.revokeObjectURL(shown.src);
        shown.src = URL.createObjectURL(blob);
        $("[data-recommencer]", box).hidden = !records && !photo;
        unfold();
        open(2);
        tellIt(text);
        hold();
        if (form.elements.garder_media) warn(form.elements.garder_media.value == "non");
      }

      function drop(text) {
        delete takes[field];
        input.value = "";
        open(0);
        tellIt(text);
        warn(false);
        hold();
      }

      /* What the server would refuse is said before anything leaves; of the rest it judges. */
      async function check(file) {
        if (file.size > octets) return drop(lourd);
        let head = "", wrong = /^text|^application.(?!og|octet)/.test(file.type) || kind == "audio" && /^image/.test(file.type);
        if (photo) {
          head = await new Response(file.slice(0, 12)).arrayBuffer().catch(() => []);
          head = String.fromCharCode(...new Uint8Array(head));
          wrong = !/^(\xff\xd8\xff|\x89PNG|RIFF[^]{4}WEBP)/.test(head);
        }
        if (wrong) return drop(/^[^]{4}ftyp(hei|hev|mif|msf|avif)/.test(head) ? box.dataset.heic : box.dataset.inconnu);
        keep(file, words.choisi);
      }

      async function record() {
        if (running) await running();
        if (voices) voices.cancel();
        tellIt(words.attend);
        try {
          stream = await devices.getUserMedia({ audio: true, video: kind == "video" && {
            facingMode: "user", width: { ideal: 640 }, height: { ideal: 480 } } });
        } catch (_) {
          return tellIt(words.interdit);
        }
        listen();
      }

      function listen() {
        const types = kind == "video"
          ? ["video/webm;codecs=vp8,opus", "video/mp4"] : ["audio/webm;codecs=opus", "audio/mp4"];
        const mimeType = types.find((type) => MediaRecorder.isTypeSupported(type));
        const recorder = new MediaRecorder(stream, Object.assign(
          { audioBitsPerSecond: 64e3, videoBitsPerSecond: 12e5 }, mimeType && { mimeType }));
        const pieces = [], since = Date.now(), time = $("[data-temps]", box);
        let weight = 0, reached = false;
        const clock = setInterval(() => {
          const passed = Math.floor((Date.now() - since) / 1e3);
          time.textContent = Math.floor(passed / 60) + ":" + String(passed % 60).padStart(2, 0);
          if (passed >= secondes || weight > octets * .97) end(reached = true);
        }, 250);
        let over;
        const ended = new Promise((done) => { over = done; });
        const end = () => {
          if (recorder.state != "inactive") recorder.stop();
          return ended;
        };
        recorder.ondataavailable = ({ data }) => { pieces.push(data); weight += data.size; };
        recorder.onstop = () => {
          clearInterval(clock);
          stream.getTracks().forEach((track) => track.stop());
          if (view) view.srcObject = null;
          running = null;
          const blob = new Blob(pieces, { type: recorder.mimeType });
          if (blob.size) keep(blob, reached ? words.limite : words.fini);
          else drop(words.rate);
          focus(blob.size ? shown : first);
          over();
        };
        running = stop.onclick = end;
        hold();
        time.textContent = "0:00";
        open(1);
        tellIt(words[field]);
        if (view) {
          view.srcObject = stream;
          view.play();
        }
        recorder.start(1e3);
        stop.focus();
      }

      /* The same field opens the camera, or what is in the telephone. */
      function choose(capture) {
        if (capture == null) input.removeAttribute("capture");
        else input.setAttribute("capture", capture);
        input.click();
      }

      input.classList.add("vh");
      input.tabIndex = -1;
      input.onchange = () => { if (input.files[0]) check(input.files[0]); };
      if (photo) shown.onerror = () => drop(box.dataset.inconnu);
      first.hidden = !records && !photo;
      first.onclick = () => photo ? choose(camera) : record();
      $("[data-second]", box).onclick = () => choose(records || photo ? null : camera);
      $("[data-enlever]", box).onclick = () => { drop(words.enleve); focus(first.hidden ? $("[data-second]", box) : first); };
      $("[data-recommencer]", box).onclick = () => { drop(); first.click(); };
      open(0);
      if (takes[field]) keep(takes[field].blob, takes[field].text);
      else if (!photo && !records) tellIt(words.impossible);
    }

    /* On a shared tablet, who listens is still there. */
    form.busy = () => sending || running || timer || voices && voices.speaking
      || all("[data-ecoute]", form).some((one) => one.paused === false);
    form.oninput = form.onchange = changed;
    form.onsubmit = () => {
      submit();
      return false;
    };
    all("button[name]").forEach((button) => {
      button.onclick = () => { choice = button; };
    });
    send.onclick = () => { choice = null; };
    window.ononline = () => { if (timer) submit(); };
    if (kept) offerDraft();
    if (voices) {
      offerVoice();
      voices.onvoiceschanged = offerVoice;
    }
    if (!part) return;
    all("[data-moyen]", part).forEach(tool);
    $("[data-sans]").onclick = () => {
      alone = true;
      submit();
    };
    $("[data-repondre]").onclick = () => {
      unfold();
      all("[name=garder_media]", form)[0].focus();
    };
  }

  /* Back after sending, from the browser's own memory: that page's key is spent. */
  window.onpageshow = (event) => { if (event.persisted) location.reload(); };
  start();
})();
