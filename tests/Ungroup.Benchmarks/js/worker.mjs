// A worker made of the official JavaScript clients, as their pages show it: a message comes, LeaveSecurityGroup is called, the
// outcome is sent, the message is completed. It keeps no ledger and writes nothing to disk, so it does less than ours. Started by the benchmark:
//   node worker.mjs connectionString requests outcomes concurrency host:port keyId secret
import { ServiceBusClient } from '@azure/service-bus';
import ecs from '@alicloud/ecs20140526';
import core from '@alicloud/openapi-core';

const [connectionString, requests, outcomes, concurrency, endpoint, accessKeyId, accessKeySecret] = process.argv.slice(2);
const bus = new ServiceBusClient(connectionString);
const receiver = bus.createReceiver(requests, { receiveMode: 'peekLock' });
const sender = bus.createSender(outcomes);
const client = new ecs.default(new core.$OpenApiUtil.Config({ endpoint, accessKeyId, accessKeySecret, protocol: 'http' }));

const eventOf = (request, requestId, ecsRequestId) => ({
  specversion: '1.0',
  id: `default/${requestId}/Removed`,
  type: 'ungroup.removal.Removed.v1',
  source: 'ungroup',
  subject: request.instanceId,
  time: new Date().toISOString(),
  datacontenttype: 'application/json',
  data: {
    request: { ...request, requestId },
    status: 'Removed',
    sentence: `${request.instanceId} has left ${request.securityGroupId}.`,
    ecsRequestIds: [ecsRequestId],
  },
});

const work = async (message) => {
  // A body that says it is JSON is parsed by the client already.
  const request = Buffer.isBuffer(message.body) ? JSON.parse(message.body.toString('utf8')) : message.body;
  const { regionId, instanceId, securityGroupId } = request;
  const reply = await client.leaveSecurityGroup(new ecs.LeaveSecurityGroupRequest({ regionId, instanceId, securityGroupId }));
  if (reply.statusCode !== 200) {
    throw new Error(`${instanceId}: HTTP ${reply.statusCode}`);
  }

  const body = eventOf(request, request.requestId ?? message.messageId, reply.body.requestId);
  await sender.sendMessages({ body, messageId: body.id, subject: body.type, contentType: 'application/cloudevents+json' });
  await receiver.completeMessage(message);
};

receiver.subscribe(
  { processMessage: work, processError: async ({ error }) => console.error(error.message) },
  { autoCompleteMessages: false, maxConcurrentCalls: Number(concurrency) },
);
console.log('ready');
