// Starts npm telegram-test-api on loopback and mends, at run time, what a strict client refuses in its answers.
// Nothing in the package is edited.  usage: node shim.cjs PORT
const TelegramServer = require('telegram-test-api');

const port = Number(process.argv[2]);
const server = new TelegramServer({ port, host: '127.0.0.1', storeTimeout: 3600 });
const app = server.webServer;
const seconds = (milliseconds) => Math.floor(milliseconds / 1000);

// Our routes go before the package's own.
function route(path, handler) {
  app.all(path, handler);
  const stack = app._router.stack;
  stack.splice(stack.findIndex((layer) => layer.route), 0, stack.pop());
}

// A callback query must have a chat_instance.
const format = TelegramServer.formatUpdate;
TelegramServer.formatUpdate = (update) => {
  const out = format(update);
  if (out.callback_query) out.callback_query.chat_instance ??= String(out.callback_query.message?.chat?.id ?? 0);
  return out;
};

// The package answers an edit with null; a client wants the message.
function edited(body) {
  const found = server.storage.botMessages.find(
    (item) => String(item.messageId) === String(body.message_id) && String(item.message.chat_id) === String(body.chat_id),
  );
  if (!found) return null;
  const markup = found.message.reply_markup?.inline_keyboard ? found.message.reply_markup : undefined;
  return {
    message_id: found.messageId, date: seconds(found.time), edit_date: seconds(Date.now()),
    chat: { id: Number(found.message.chat_id), type: 'private', first_name: 'User' },
    text: found.message.text, reply_markup: markup,
  };
}

const json = app.response.json;
app.response.json = function mended(body) {
  const method = /^\/bot[^/]+\/(\w+)/.exec(this.req.path)?.[1];
  if (!method || !body) return json.call(this, body);
  let answer = body;
  if (answer.ok === undefined) {
    answer = { ok: false, error_code: 404, description: `Not Found: ${body.message}` };
  } else if (answer.ok) {
    if (method === 'getMe') answer.result.is_bot = true;
    if (answer.result?.date > 1e11) answer.result.date = seconds(answer.result.date);
    if (method.startsWith('editMessage')) {
      answer.result = edited(this.req.body);
      if (!answer.result) answer = { ok: false, error_code: 400, description: 'Bad Request: message to edit not found' };
    }
    if (answer.ok && answer.result === null) answer.result = true;
  }
  if (answer.error_code) this.status(answer.error_code);
  return json.call(this, answer);
};

// The package answers a poll at once; a long poll waits for news.
route('/bot:token/getUpdates', async (request, response, next) => {
  const { token } = request.params;
  const news = () => server.storage.userMessages.some((item) => item.botToken === token && !item.isRead);
  const until = Date.now() + 1000 * Number(request.body.timeout || request.query.timeout || 0);
  let gone = false;
  response.on('close', () => { gone = true; });
  while (!news() && Date.now() < until && !gone) await new Promise((wake) => { setTimeout(wake, 20); });
  next();
});

// What a bot calls at its start and the package does not know: accepted, nothing is kept.
for (const method of ['setMyCommands', 'deleteWebhook', 'sendChatAction']) {
  route(`/bot:token/${method}`, (request, response) => response.json({ ok: true, result: true }));
}

server.start().then(() => console.log(`ready ${port}`));
for (const sign of ['SIGINT', 'SIGTERM']) process.on(sign, () => process.exit(0));
