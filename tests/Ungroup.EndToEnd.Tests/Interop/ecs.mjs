// The official client against an ECS endpoint that speaks plain http, such as the simulator's:
//   node ecs.mjs host:port keyId secret regionId instanceId instanceGroupId networkInterfaceId interfaceGroupId
// Both resources must be in their group and in one more. They are put back, so that it can be run again.
import ecs from '@alicloud/ecs20140526';
import core from '@alicloud/openapi-core';

const [endpoint, accessKeyId, accessKeySecret, regionId, instanceId, instanceGroup, networkInterfaceId, interfaceGroup] =
  process.argv.slice(2);
if (!interfaceGroup) {
  console.error('usage: ecs.mjs host:port keyId secret regionId instanceId instanceGroupId networkInterfaceId interfaceGroupId');
  process.exit(2);
}

const clientWith = (more) => new ecs.default(new core.$OpenApiUtil.Config({
  endpoint, regionId, accessKeyId, accessKeySecret, protocol: 'http', ...more,
}));
const client = clientWith({});
const oldStyle = clientWith({ signatureAlgorithm: 'v2' });

const ofInstance = { regionId, instanceId, securityGroupId: instanceGroup };
const ofInterface = { regionId, networkInterfaceId, securityGroupId: interfaceGroup };
const leave = (edge, by = client) => by.leaveSecurityGroup(new ecs.LeaveSecurityGroupRequest(edge));
const join = (edge, by = client) => by.joinSecurityGroup(new ecs.JoinSecurityGroupRequest(edge));

const groupsOfInstance = async (by = client) => {
  const { body } = await by.describeInstances(new ecs.DescribeInstancesRequest({ regionId, instanceIds: JSON.stringify([instanceId]) }));
  return body.instances.instance[0].securityGroupIds.securityGroupId;
};

const groupsOfInterface = async () => {
  const { body } = await client.describeNetworkInterfaces(
    new ecs.DescribeNetworkInterfacesRequest({ regionId, networkInterfaceId: [networkInterfaceId] }));
  return body.networkInterfaceSets.networkInterfaceSet[0].securityGroupIds.securityGroupId;
};

const expect = (actual, expected) => {
  if (JSON.stringify(actual) !== JSON.stringify(expected)) {
    throw new Error(`was ${JSON.stringify(actual)}; expected ${JSON.stringify(expected)}`);
  }
};

const expectRefusal = async (call, status, code) => {
  try {
    await call();
  } catch (refusal) {
    expect([refusal.statusCode ?? refusal.data?.statusCode, refusal.code], [status, code]);
    return;
  }

  throw new Error(`was accepted; expected ${code}`);
};

let failures = 0;
const check = async (name, body) => {
  try {
    await body();
    console.log(`ok ${name}`);
  } catch (problem) {
    failures++;
    console.log(`FAIL ${name}: ${problem.message.split('\n')[0]}`);
  }
};

await check('an instance leaves a group', async () => {
  const { statusCode, body } = await leave(ofInstance);
  expect([statusCode, body.requestId?.length], [200, 36]);
  expect((await groupsOfInstance()).includes(instanceGroup), false);
});

await check('leaving twice is refused', () => expectRefusal(() => leave(ofInstance), 400, 'InvalidSecurityGroupAssociation.NotFound'));

await check('an instance joins again', async () => {
  await join(ofInstance);
  expect((await groupsOfInstance()).includes(instanceGroup), true);
});

await check('a network interface leaves a group and joins again', async () => {
  await leave(ofInterface);
  expect((await groupsOfInterface()).includes(interfaceGroup), false);
  await join(ofInterface);
  expect((await groupsOfInterface()).includes(interfaceGroup), true);
});

await check('an instance gets a list of groups', async () => {
  const groups = await groupsOfInstance();
  await client.modifyInstanceAttribute(new ecs.ModifyInstanceAttributeRequest({ instanceId, securityGroupIds: [...groups].reverse() }));
  expect(await groupsOfInstance(), [...groups].reverse());
});

await check('a group is described', async () => {
  const { body } = await client.describeSecurityGroups(new ecs.DescribeSecurityGroupsRequest({ regionId, securityGroupId: instanceGroup }));
  expect(body.securityGroups.securityGroup.map((group) => group.securityGroupId), [instanceGroup]);
});

await check('the old signature is accepted', async () => {
  await leave(ofInstance, oldStyle);
  expect((await groupsOfInstance(oldStyle)).includes(instanceGroup), false);
  await join(ofInstance, oldStyle);
});

await check('an unknown instance is not found', () =>
  expectRefusal(() => leave({ ...ofInstance, instanceId: 'i-0nowhere' }), 404, 'InvalidInstanceId.NotFound'));

await check('a wrong secret is refused', () =>
  expectRefusal(() => leave(ofInstance, clientWith({ accessKeySecret: 'wrong' })), 400, 'SignatureDoesNotMatch'));

await check('an unknown key is not found', () =>
  expectRefusal(() => leave(ofInstance, clientWith({ accessKeyId: 'nobody' })), 404, 'InvalidAccessKeyId.NotFound'));

process.exitCode = failures === 0 ? 0 : 1;
