// The official JavaScript client, as fast as it goes. Started by the benchmark:
//   node leave.mjs host:port keyId secret regionId groupId
// Reads lines such as {"ids":["i-1","i-2"],"concurrency":16} and answers each with {"seconds":0.5,"cpuSeconds":0.4}.
import { createInterface } from 'node:readline';
import ecs from '@alicloud/ecs20140526';
import core from '@alicloud/openapi-core';

const [endpoint, accessKeyId, accessKeySecret, regionId, securityGroupId] = process.argv.slice(2);
const client = new ecs.default(new core.$OpenApiUtil.Config({ endpoint, regionId, accessKeyId, accessKeySecret, protocol: 'http' }));

const leave = async (instanceId) => {
  const { statusCode } = await client.leaveSecurityGroup(new ecs.LeaveSecurityGroupRequest({ regionId, instanceId, securityGroupId }));
  if (statusCode !== 200) {
    throw new Error(`${instanceId}: HTTP ${statusCode}`);
  }
};

const run = async ({ ids, concurrency }) => {
  let next = 0;
  const one = async () => {
    while (next < ids.length) {
      await leave(ids[next++]);
    }
  };
  const cpu = process.cpuUsage();
  const started = process.hrtime.bigint();
  await Promise.all(Array.from({ length: concurrency }, one));
  const { user, system } = process.cpuUsage(cpu);
  return { seconds: Number(process.hrtime.bigint() - started) / 1e9, cpuSeconds: (user + system) / 1e6 };
};

console.log('ready');
for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await run(JSON.parse(line))));
}
