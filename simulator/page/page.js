"use strict";
// The town's page: everything it knows comes from /api/state, asked again and again.

const $ = (selector, root = document) => root.querySelector(selector);
const CHANNEL = { telegram: "Telegram", zalo: "Zalo", zalo_oa: "Zalo OA" };
const NO = {
  blocked: "Người này đang chặn bot", backwards: "Đồng hồ chỉ đi tới", bot_not_listening: "Bot không nhận tin",
  bot_not_ready: "Bot chưa sẵn sàng", empty_file: "Tệp rỗng",
};
const HOUR = 3600e3;
const open = new Map(); // person id -> chat element
const seen = JSON.parse(sessionStorage.getItem("seen") || "{}"); // person id -> n of the last message read
let people = [], state = null, began = null, known = -1;

async function call(path, body) {
  const form = body instanceof FormData;
  const answer = await fetch("/api/" + path, body === undefined ? {} : {
    method: "POST", body: form ? body : JSON.stringify(body), headers: form ? {} : { "Content-Type": "application/json" },
  });
  const json = await answer.json();
  if (!answer.ok) throw new Error(NO[json.error] || "Không làm được (" + json.error + ")");
  return json;
}

function make(tag, attributes = {}, ...inside) {
  const element = Object.assign(document.createElement(tag), attributes);
  element.append(...inside);
  return element;
}

// --- time: the town lives in Asia/Ho_Chi_Minh, seven hours before UTC all year ---------------

const local = (iso) => new Date(Date.parse(iso) + 7 * HOUR); // its UTC fields are the town's
const two = (number) => String(number).padStart(2, "0");
const DAYS = ["Chủ nhật", "Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy"];
const hour = (d) => `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}`;
const day = (d) => `${DAYS[d.getUTCDay()]} ${two(d.getUTCDate())}/${two(d.getUTCMonth() + 1)}/${d.getUTCFullYear()}`;

function showState() {
  const { clock, queue } = state, now = local(clock.now);
  $("#clock").textContent = `${day(now)} · ${hour(now)}`;
  const parts = [[queue.updates, "đang gửi"], [queue.inbox, "chờ xử lý"], [queue.outbox, "chờ nhắn"], [queue.files, "tệp"]];
  const busy = parts.filter(([count]) => count).map(([count, what]) => `${count} ${what}`).join(" · ");
  $("#queue").textContent = clock.moving ? "→ " + hour(local(clock.to)) + " " + day(local(clock.to)).slice(-10)
    : state.ready ? busy || "Không có gì chờ" : "Bot đang khởi động…";
  $("#progress").hidden = !clock.moving;
  if (!clock.moving) began = null;
  else {
    began ??= Date.parse(clock.now);
    const share = (Date.parse(clock.now) - began) / Math.max(1, Date.parse(clock.to) - began);
    $("#progress div").style.width = 100 * share + "%";
  }
}

$("#clock").onclick = () => {
  $("#moment").value = new Date(local(state.clock.now).getTime() + HOUR).toISOString().slice(0, 16);
  $("#moment").oninput();
  $("#time").showModal();
};

$("#moment").oninput = () => {
  const chosen = new Date($("#moment").value + "Z");
  $("#chosen").textContent = isNaN(chosen) ? "" : `${day(chosen)} · ${hour(chosen)}`;
};

$("#time").onclose = async () => {
  const choice = $("#time").returnValue;
  $("#time").returnValue = "";
  if (!choice) return;
  const body = { mode: $("#jump").checked ? "jump" : "play" };
  if (choice === "moment") body.to = $("#moment").value + ":00+07:00";
  else if (choice === "morning") {
    const tomorrow = new Date(local(state.clock.now).getTime() + 24 * HOUR);
    body.to = tomorrow.toISOString().slice(0, 10) + "T07:30:00+07:00";
  } else body.advance_seconds = Number(choice);
  try {
    await call("clock", body);
  } catch (no) {
    alert(no.message);
  }
};

// --- the list --------------------------------------------------------------------------------

const plain = (text) => text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "").replaceAll("đ", "d");

function showPeople() {
  const wanted = plain($("#search").value), groups = new Map();
  for (const person of people) {
    const unit = person.unit || "Người dân";
    if (wanted && !plain(`${person.name} ${person.position} ${unit}`).includes(wanted)) continue;
    if (!groups.has(unit)) groups.set(unit, []);
    const [, said = 0] = (state && state.chats[person.id]) || [];
    const about = [CHANNEL[person.channel], person.position, person.code && "chưa tham gia"].filter(Boolean).join(" · ");
    const button = make("button", { onclick: () => show(person) },
      make("span", { className: "dot " + person.channel }),
      make("span", { className: "name" }, person.name, make("small", {}, about)));
    if (said > (seen[person.id] || 0)) button.append(make("span", { className: "new", title: "Tin mới" }));
    button.classList.toggle("open", open.has(person.id));
    groups.get(unit).push(button);
  }
  const scrolled = $("#people").scrollTop;
  $("#people").replaceChildren(...[...groups].flatMap(([unit, found]) => [make("h3", {}, unit), ...found]));
  $("#people").scrollTop = scrolled;
}

$("#search").oninput = showPeople;
$("#newcomer").onsubmit = async (event) => {
  event.preventDefault();
  const person = await call("people", Object.fromEntries(new FormData(event.target)));
  event.target.reset();
  people.push(person);
  show(person);
};

// --- a chat ----------------------------------------------------------------------------------

function show(person) {
  let chat = open.get(person.id);
  if (!chat) {
    chat = $("#chat").content.firstElementChild.cloneNode(true);
    open.set(person.id, chat);
    $("#chats .hint")?.remove();
    prepare(chat, person);
    $("#chats").append(chat);
    refresh(chat, person);
  }
  document.querySelectorAll(".chat").forEach((other) => other.classList.toggle("front", other === chat));
  document.body.dataset.view = "chat";
  chat.scrollIntoView({ inline: "nearest" });
  showPeople();
}

function prepare(chat, person) {
  const act = (path, body) => call(`people/${person.id}/${path}`, body).catch((no) => toast(chat, no.message));
  const send = (blob, name, kind, album = "") => {
    const form = new FormData();
    form.append("file", blob, name);
    form.append("kind", kind);
    form.append("album", album);
    return act("send", form);
  };
  Object.assign(chat, { person, act, quoted: null, editing: null, version: -1, toasted: null });
  $(".who b", chat).textContent = person.name;
  $(".who small", chat).textContent = [CHANNEL[person.channel], person.position || "Người dân", person.unit].filter(Boolean).join(" · ");
  $(".back", chat).onclick = () => { document.body.dataset.view = "list"; showPeople(); };
  $(".close", chat).onclick = () => { open.delete(person.id); chat.remove(); showPeople(); };
  const words = $("textarea", chat), more = $(".more", chat);
  $(".plus", chat).onclick = () => { more.hidden = !more.hidden; };
  $(".quote button", chat).onclick = () => quote(chat, null);
  words.onkeydown = (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); $(".say", chat).requestSubmit(); }
  };
  $(".say", chat).onsubmit = (event) => {
    event.preventDefault();
    const text = words.value.trim();
    if (!text) return;
    if (chat.editing) act("edit", { message_id: chat.editing, text });
    else act("say", { text, reply_to: chat.quoted || "" });
    words.value = "";
    quote(chat, null);
  };
  more.querySelectorAll("input").forEach((input) => {
    input.onchange = async () => {
      const files = [...input.files], album = files.length > 1 ? String(Date.now()) : "";
      for (const file of files) await send(file, file.name, input.dataset.kind, album);
      input.value = "";
      more.hidden = true;
    };
  });
  more.onclick = ({ target }) => {
    const what = target.dataset.do;
    if (what === "sample") sample().then((blob) => send(blob, "anh-mau.jpg", "photo"));
    if (what === "place") act("location", { latitude: 11.8395, longitude: 106.9562 });
    if (what === "block") block(chat, target);
    if (what) more.hidden = true;
  };
  $("[data-do=block]", chat).textContent = person.blocked ? "Bỏ chặn bot" : "Chặn bot";
  if (person.code) {
    const join = make("button", { onclick: () => act("say", { text: "/vao " + person.code }) }, "Nhập mã");
    $(".invite", chat).append(make("span", {}, "Chưa tham gia. Mã mời: ", make("b", {}, person.code)), join);
    $(".invite", chat).hidden = false;
  }
}

async function block(chat, button) {
  const { blocked } = await chat.act("block", { blocked: !chat.person.blocked });
  chat.person.blocked = blocked;
  button.textContent = blocked ? "Bỏ chặn bot" : "Chặn bot";
  toast(chat, blocked ? "Đã chặn bot" : "Đã bỏ chặn bot");
}

function quote(chat, message, edit = false) {
  chat.quoted = message && !edit ? message.message_id : null;
  chat.editing = message && edit ? message.message_id : null;
  $(".quote", chat).hidden = !message;
  if (!message) return;
  $(".quote span", chat).textContent = (edit ? "Sửa: " : "Trả lời: ") + (message.text || "ảnh, tệp");
  if (edit) $("textarea", chat).value = message.text;
  $("textarea", chat).focus();
}

function toast(chat, text) {
  const element = $(".toast", chat);
  element.textContent = text;
  element.hidden = false;
  clearTimeout(chat.toastTimer);
  chat.toastTimer = setTimeout(() => { element.hidden = true; }, 3000);
}

function sample() {
  const canvas = make("canvas", { width: 960, height: 720 }), ink = canvas.getContext("2d");
  const draw = (colour, x, y, w, h) => { ink.fillStyle = colour; ink.fillRect(x, y, w, h); };
  draw("#b9d7ee", 0, 0, 960, 300); draw("#7a8b5a", 0, 300, 960, 80); draw("#6d6d70", 0, 380, 960, 340);
  ink.fillStyle = "#2e2a26";
  ink.beginPath(); ink.ellipse(470, 560, 210, 80, 0, 0, 7); ink.fill();
  ink.fillStyle = "#fff";
  ink.font = "32px sans-serif";
  ink.fillText("Ảnh mẫu · " + $("#clock").textContent, 24, 700);
  return new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.8));
}

async function refresh(chat, person) {
  const messages = await call(`people/${person.id}/messages`);
  const log = $(".log", chat), atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 80;
  const byId = new Map(messages.map((message) => [message.message_id, message]));
  let last = "";
  log.replaceChildren(...messages.flatMap((message) => {
    const today = day(local(message.at)), divider = today === last ? [] : [make("div", { className: "day" }, today)];
    last = today;
    return [...divider, bubble(chat, message, byId)];
  }));
  if (atEnd || chat.version < 0) {
    log.scrollTop = log.scrollHeight;
    log.querySelectorAll("img").forEach((img) => { img.onload = () => { log.scrollTop = log.scrollHeight; }; });
  }
  const keys = messages.filter((m) => m.keyboard !== null).at(-1)?.keyboard || [];
  $(".keyboard", chat).replaceChildren(...keys.map((row) => make("div", {}, ...row.map((label) =>
    make("button", { onclick: () => chat.act("say", { text: label }) }, label)))));
}

function bubble(chat, message, byId) {
  const element = make("div", { className: "msg " + message.sender });
  if (message.deleted) {
    element.append(make("div", { className: "bubble gone" }, "Tin đã xoá"));
    return element;
  }
  const inside = make("div", { className: message.large ? "bubble large" : "bubble" });
  const replied = byId.get(message.reply_to);
  if (replied) inside.append(make("div", { className: "re" }, replied.text || "ảnh, tệp"));
  for (const file of message.files) inside.append(attachment(file));
  if (message.place) inside.append(make("div", {}, `Vị trí: ${message.place.join(", ")}`));
  let at = 0;
  for (const [start, length] of message.bold) {
    inside.append(message.text.slice(at, start), make("b", {}, message.text.slice(start, start + length)));
    at = start + length;
  }
  inside.append(message.text.slice(at));
  const meta = make("div", { className: "meta" });
  meta.append(make("button", { onclick: () => quote(chat, message) }, "Trả lời"));
  if (message.sender === "person" && message.text && chat.person.channel === "telegram")
    meta.append(make("button", { onclick: () => quote(chat, message, true) }, "Sửa tin"));
  meta.append(make("span", {}, (message.edited ? "đã sửa " : "") + hour(local(message.at))));
  inside.append(meta);
  element.append(inside);
  const rows = new Map();
  for (const choice of message.choices) {
    if (!rows.has(choice.row)) rows.set(choice.row, make("div", { className: "row" }));
    rows.get(choice.row).append(make("button", { onclick: () => press(chat, message, choice) }, choice.label));
  }
  element.append(...rows.values());
  return element;
}

function attachment(file) {
  if (file.kind === "photo" || file.kind === "sticker")
    return make("a", { href: file.url, target: "_blank" }, make("img", { src: file.url, alt: file.name }));
  return make("a", { href: file.url, download: file.name }, `${file.name} (${Math.ceil(file.size / 1024)} kB)`);
}

function press(chat, message, choice) {
  if (choice.url) window.open(choice.url, "_blank", "noopener");
  else chat.act("press", { message_id: message.message_id, choice: choice.data });
}

// --- the pulse -------------------------------------------------------------------------------

async function pulse() {
  try {
    const before = JSON.stringify(state?.chats);
    state = await call("state");
    if (state.people !== known && state.ready) {
      people = await call("people");
      known = people.length;
    }
    for (const [id, chat] of open) {
      const [version = 0, said = 0] = state.chats[id] || [], [count, text] = state.toasts[id] || [0];
      if (version !== chat.version) {
        await refresh(chat, chat.person);
        chat.version = version;
      }
      if (chat.toasted !== null && count !== chat.toasted) toast(chat, text);
      chat.toasted = count;
      if (chat.offsetParent) seen[id] = said;
    }
    sessionStorage.setItem("seen", JSON.stringify(seen));
    showState();
    if (JSON.stringify(state.chats) !== before || !$("#people").childElementCount) showPeople();
  } catch {
    $("#queue").textContent = "Mất kết nối với máy chủ";
  }
  setTimeout(pulse, state?.clock.moving ? 300 : 700);
}

pulse();
