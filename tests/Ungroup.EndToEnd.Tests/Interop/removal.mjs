// Enqueues a removal with the official JavaScript Service Bus client and waits for its outcome:
//   node removal.mjs CONNECTION_STRING REMOVALS OUTCOMES BODY
// Prints the outcome event as one line of JSON.
import { ServiceBusClient } from '@azure/service-bus';

const [connectionString, removals, outcomes, body] = process.argv.slice(2);
if (!body) {
  console.error('usage: removal.mjs CONNECTION_STRING REMOVALS OUTCOMES BODY');
  process.exit(2);
}

const client = new ServiceBusClient(connectionString);
const request = JSON.parse(body);
await client.createSender(removals).sendMessages({ body: request, messageId: 'from-javascript', contentType: 'application/json' });

const receiver = client.createReceiver(outcomes);
const [message] = await receiver.receiveMessages(1, { maxWaitTimeInMs: 30_000 });
if (!message) {
  console.log(`FAIL no outcome of ${request.requestId} within 30 s`);
  process.exitCode = 1;
} else {
  await receiver.completeMessage(message);
  const event = Buffer.isBuffer(message.body) ? JSON.parse(message.body.toString('utf8')) : message.body;
  console.log(JSON.stringify({ messageId: message.messageId, contentType: message.contentType, subject: message.subject, event }));
}

await client.close();
