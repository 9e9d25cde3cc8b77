// Tries a broker with the official JavaScript SDK, the client that shares no code with it.
//
//   node service-bus.mjs CONNECTION_STRING QUEUE [CONNECTS]
//
// The queue has to be empty and is empty again afterwards; a short lock (5 s) makes it quick. Locks are waited for, so
// give it 30 seconds. Needs @azure/service-bus beside this file or in NODE_PATH's stead (a folder above it).

import { ServiceBusClient } from "@azure/service-bus";
import Long from "long";

const [connectionString, queue, connects = "200"] = process.argv.slice(2);
if (!connectionString || !queue) {
  console.error("usage: node service-bus.mjs CONNECTION_STRING QUEUE [CONNECTS]");
  process.exit(2);
}

let failures = 0;

async function check(name, body) {
  let timer;
  const tooLong = new Promise((_, reject) => (timer = setTimeout(() => reject(new Error("took longer than 30 s")), 30_000)));
  try {
    await Promise.race([body(), tooLong]);
    console.log(`ok ${name}`);
  } catch (e) {
    failures++;
    console.log(`FAIL ${name}: ${e?.code ? e.code + ": " : ""}${e?.message ?? e}`);
  } finally {
    clearTimeout(timer);
  }
}

function equal(actual, expected, what) {
  const [a, e] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (a !== e) throw new Error(`${what} is ${a}, expected ${e}`);
}

async function fails(code, body) {
  try {
    await body();
  } catch (e) {
    equal(e.code, code, "the error");
    return;
  }
  throw new Error(`nothing failed, expected ${code}`);
}

const impatient = { retryOptions: { maxRetries: 0, timeoutInMs: 10_000 } };
const client = new ServiceBusClient(connectionString);
const sender = client.createSender(queue);
const receiver = client.createReceiver(queue);
const dead = client.createReceiver(queue, { subQueueType: "deadLetter" });

async function one(from = receiver) {
  const [message] = await from.receiveMessages(1, { maxWaitTimeInMs: 10_000 });
  if (!message) throw new Error("no message came");
  return message;
}

async function none(from = receiver) {
  equal((await from.receiveMessages(1, { maxWaitTimeInMs: 500 })).map((m) => m.body), [], "what is left");
}

await check("send, receive and complete", async () => {
  await sender.sendMessages({
    body: { hello: "world" },
    messageId: "m-1",
    subject: "greeting",
    contentType: "application/json",
    correlationId: "c-1",
    applicationProperties: { text: "ä", number: 1.5, yes: true },
  });
  const message = await one();
  equal(message.body, { hello: "world" }, "body");
  equal([message.messageId, message.subject, message.correlationId], ["m-1", "greeting", "c-1"], "properties");
  equal(message.applicationProperties, { text: "ä", number: 1.5, yes: true }, "application properties");
  equal(message.deliveryCount, 0, "delivery count");
  if (!(message.lockedUntilUtc > new Date())) throw new Error(`locked until ${message.lockedUntilUtc}`);
  if (Math.abs(message.enqueuedTimeUtc - new Date()) > 10_000) throw new Error(`enqueued at ${message.enqueuedTimeUtc}`);
  if (!message.sequenceNumber?.greaterThan(0)) throw new Error("no sequence number");
  await receiver.completeMessage(message);
  await none();
});

await check("a message without an id gets one", async () => {
  await sender.sendMessages({ body: "anonymous" });
  const message = await one();
  if (!message.messageId) throw new Error("no message id");
  await receiver.completeMessage(message);
});

await check("an empty body stays empty", async () => {
  await sender.sendMessages({ body: "", messageId: "empty" });
  const message = await one();
  equal(message.body, "", "body");
  await receiver.completeMessage(message);
});

await check("batch", async () => {
  const batch = await sender.createMessageBatch();
  if (batch.maxSizeInBytes < 1024) throw new Error(`max size is ${batch.maxSizeInBytes}`);
  for (let i = 0; i < 25; i++) batch.tryAddMessage({ body: i, messageId: `b-${i}` });
  await sender.sendMessages(batch);
  await sender.sendMessages([25, 26, 27].map((body) => ({ body })));
  const seen = [];
  while (seen.length < 28) {
    const messages = await receiver.receiveMessages(28 - seen.length, { maxWaitTimeInMs: 10_000 });
    if (messages.length === 0) break;
    for (const message of messages) await receiver.completeMessage(message);
    seen.push(...messages.map((m) => m.body));
  }
  equal(seen, [...Array(28).keys()], "order");
});

await check("a large message", async () => {
  await sender.sendMessages({ body: "x".repeat(900_000) });
  const message = await one();
  equal(message.body.length, 900_000, "length");
  await receiver.completeMessage(message);
});

await check("schedule and cancel", async () => {
  const soon = new Date(Date.now() + 1_500);
  await sender.sendMessages({ body: "annotated", scheduledEnqueueTimeUtc: soon });
  await sender.scheduleMessages([{ body: "scheduled" }], soon);
  const [cancelled] = await sender.scheduleMessages([{ body: "cancelled" }], soon);
  await none();
  equal((await receiver.peekMessages(10, { fromSequenceNumber: Long.ONE })).map((m) => m.state), ["scheduled", "scheduled", "scheduled"], "state");
  await sender.cancelScheduledMessages(cancelled);
  const bodies = [];
  for (let i = 0; i < 2; i++) {
    const message = await one();
    bodies.push(message.body);
    if (Date.now() < soon.getTime() - 50) throw new Error("it came too early");
    await receiver.completeMessage(message);
  }
  equal(bodies.sort(), ["annotated", "scheduled"], "what came");
  await none();
});

await check("abandon, with properties", async () => {
  await sender.sendMessages({ body: "again", applicationProperties: { kept: 1 } });
  await receiver.abandonMessage(await one(), { tries: "one" });
  const message = await one();
  equal(message.deliveryCount, 1, "delivery count");
  equal(message.applicationProperties, { kept: 1, tries: "one" }, "application properties");
  await receiver.completeMessage(message);
});

await check("dead-letter with reason, then receive from the dead-letter queue", async () => {
  await sender.sendMessages({ body: "poison", messageId: "p-1", applicationProperties: { origin: "test" } });
  await receiver.deadLetterMessage(await one(), {
    deadLetterReason: "InvalidRequest",
    deadLetterErrorDescription: "no security group",
    extra: "more",
  });
  await none();
  const [peeked] = await dead.peekMessages(1);
  equal(peeked?.deadLetterReason, "InvalidRequest", "peeked reason");
  const message = await one(dead);
  equal([message.messageId, message.body], ["p-1", "poison"], "message");
  equal([message.deadLetterReason, message.deadLetterErrorDescription], ["InvalidRequest", "no security group"], "why");
  equal(message.applicationProperties.extra, "more", "extra property");
  equal(message.applicationProperties.origin, "test", "own property");
  await dead.completeMessage(message);
  await none(dead);
});

await check("too many deliveries end in the dead-letter queue", async () => {
  await sender.sendMessages({ body: "unlucky" });
  let deliveries = 0;
  while (deliveries < 100) {
    const [message] = await receiver.receiveMessages(1, { maxWaitTimeInMs: 1_000 });
    if (!message) break;
    deliveries++;
    await receiver.abandonMessage(message);
  }
  const message = await one(dead);
  equal([message.deadLetterReason, message.deliveryCount], ["MaxDeliveryCountExceeded", deliveries], "why");
  await dead.completeMessage(message);
});

await check("renew a lock", async () => {
  await sender.sendMessages({ body: "slow" });
  const message = await one();
  const before = message.lockedUntilUtc;
  await new Promise((resolve) => setTimeout(resolve, 100));
  const after = await receiver.renewMessageLock(message);
  if (!(after > before)) throw new Error(`${after.toISOString()} is not later than ${before.toISOString()}`);
  await receiver.completeMessage(message);
});

await check("a lock that runs out is lost, and the message comes again", async () => {
  await sender.sendMessages({ body: "late" });
  const message = await one();
  await new Promise((resolve) => setTimeout(resolve, message.lockedUntilUtc - Date.now() + 300));
  await fails("MessageLockLost", () => receiver.completeMessage(message));
  await fails("MessageLockLost", () => receiver.renewMessageLock(message));
  const again = await one();
  equal([again.body, again.deliveryCount], ["late", 1], "the redelivery");
  await receiver.completeMessage(again);
});

await check("peek leaves the messages where they are", async () => {
  await sender.sendMessages([1, 2, 3].map((body) => ({ body })));
  const peeked = await receiver.peekMessages(10, { fromSequenceNumber: Long.ONE });
  equal(peeked.map((m) => [m.body, m.state]), [[1, "active"], [2, "active"], [3, "active"]], "peeked");
  const [second] = await receiver.peekMessages(1, { fromSequenceNumber: peeked[1].sequenceNumber });
  equal(second.body, 2, "peeked by number");
  for (let i = 0; i < 3; i++) await receiver.completeMessage(await one());
});

await check("defer, then receive by number", async () => {
  await sender.sendMessages({ body: "later" });
  const message = await one();
  await receiver.deferMessage(message, { why: "busy" });
  await none();
  const [deferred] = await receiver.receiveDeferredMessages(message.sequenceNumber);
  equal([deferred.body, deferred.state, deferred.applicationProperties.why], ["later", "deferred", "busy"], "deferred");
  await receiver.completeMessage(deferred);
  await fails("MessageNotFound", () => receiver.receiveDeferredMessages(message.sequenceNumber));
});

await check("receive and delete", async () => {
  await sender.sendMessages([1, 2, 3].map((body) => ({ body })));
  const taker = client.createReceiver(queue, { receiveMode: "receiveAndDelete" });
  const bodies = [];
  while (bodies.length < 3) bodies.push(...(await taker.receiveMessages(3, { maxWaitTimeInMs: 5_000 })).map((m) => m.body));
  await taker.close();
  equal(bodies, [1, 2, 3], "received");
  await none();
});

await check("subscribe, with concurrency", async () => {
  await sender.sendMessages([...Array(100).keys()].map((body) => ({ body })));
  const seen = new Set();
  const eager = client.createReceiver(queue);
  await new Promise((resolve, reject) => {
    eager.subscribe(
      {
        processMessage: async (message) => {
          seen.add(message.body);
          if (seen.size === 100) resolve();
        },
        processError: async ({ error }) => reject(error),
      },
      { maxConcurrentCalls: 10 },
    );
  });
  await eager.close();
  equal(seen.size, 100, "received");
  await none();
});

await check("settle after the receiving link is closed", async () => {
  await sender.sendMessages({ body: "orphan" });
  const brief = client.createReceiver(queue);
  const message = await one(brief);
  await brief.close();
  const other = client.createReceiver(queue);
  await none(other);
  await new Promise((resolve) => setTimeout(resolve, message.lockedUntilUtc - Date.now() + 300));
  const again = await one(other);
  equal([again.body, again.deliveryCount], ["orphan", 1], "the redelivery");
  await other.completeMessage(again);
  await other.close();
});

await check("a wrong key is unauthorized", async () => {
  const wrong = new ServiceBusClient(connectionString.replace(/SharedAccessKey=[^;]*/, "SharedAccessKey=bm90IHRoZSBrZXk="), impatient);
  await fails("UnauthorizedAccess", () => wrong.createSender(queue).sendMessages({ body: "no" }));
  await wrong.close();
});

await check("an unknown queue is not found", async () => {
  const lost = new ServiceBusClient(connectionString, impatient);
  await fails("MessagingEntityNotFound", () => lost.createSender("no-such-queue").sendMessages({ body: "no" }));
  await fails("MessagingEntityNotFound", () => lost.createReceiver("no-such-queue").receiveMessages(1, { maxWaitTimeInMs: 2_000 }));
  await lost.close();
});

await check(`${connects} connects out of ${connects}`, async () => {
  for (let i = 0; i < Number(connects); i++) {
    const brief = new ServiceBusClient(connectionString, { retryOptions: { maxRetries: 0, timeoutInMs: 5_000 } });
    await brief.createSender(queue).sendMessages({ body: i });
    await brief.close();
  }
  let left = Number(connects);
  while (left > 0) {
    const messages = await receiver.receiveMessages(Math.min(left, 50), { maxWaitTimeInMs: 5_000 });
    if (messages.length === 0) throw new Error(`${left} messages are missing`);
    for (const message of messages) await receiver.completeMessage(message);
    left -= messages.length;
  }
});

await check("nothing is left behind", async () => {
  await none();
  await none(dead);
});

await client.close();
process.exit(failures === 0 ? 0 : 1);
