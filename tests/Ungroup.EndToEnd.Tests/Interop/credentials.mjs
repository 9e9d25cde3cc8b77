// The official credentials client against an STS that speaks plain http, such as the simulator's:
//   node credentials.mjs host:port regionId oidcRoleArn oidcProviderArn tokenFile keyId secret keyRoleArn externalId
// The client knows https only, so its requests are told otherwise on their way out; everything else is its own.
import ecs from '@alicloud/ecs20140526';
import core from '@alicloud/openapi-core';
import http from '@alicloud/credentials/dist/src/providers/http.js';
import oidc from '@alicloud/credentials/dist/src/providers/oidc_role_arn.js';
import byKey from '@alicloud/credentials/dist/src/providers/ram_role_arn.js';
import fixed from '@alicloud/credentials/dist/src/providers/static_ak.js';

const [endpoint, regionId, oidcRoleArn, oidcProviderArn, tokenFile, keyId, secret, keyRoleArn, externalId] = process.argv.slice(2);
if (!externalId) {
  console.error('usage: credentials.mjs host:port regionId oidcRoleArn oidcProviderArn tokenFile keyId secret keyRoleArn externalId');
  process.exit(2);
}

const plain = (provider) => {
  provider.doRequest = (request) => http.doRequest(Object.assign(request, { protocol: 'http' }));
  return provider;
};

const byToken = () => plain(oidc.default.builder()
  .withRoleArn(oidcRoleArn).withOIDCProviderArn(oidcProviderArn).withOIDCTokenFilePath(tokenFile).withRoleSessionName('interop')
  .withStsEndpoint(endpoint).build());

const assumed = (more = {}) => plain(byKey.default.builder()
  .withCredentialsProvider(fixed.default.builder().withAccessKeyId(keyId).withAccessKeySecret(more.secret ?? secret).build())
  .withRoleArn(keyRoleArn).withExternalId(externalId).withRoleSessionName('interop').withStsEndpoint(endpoint).build());

const describe = async (provider) => {
  const { accessKeyId, accessKeySecret, securityToken } = await provider.getCredentials();
  const client = new ecs.default(new core.$OpenApiUtil.Config({ endpoint, regionId, accessKeyId, accessKeySecret, securityToken, protocol: 'http' }));
  const { body } = await client.describeInstances(new ecs.DescribeInstancesRequest({ regionId }));
  return body.instances.instance.length;
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

const expect = (holds, what) => {
  if (!holds) {
    throw new Error(what);
  }
};

await check('a token becomes credentials that ECS takes', async () => expect(await describe(byToken()) > 0, 'no instance came'));
await check('a key assumes a role that ECS takes', async () => expect(await describe(assumed()) > 0, 'no instance came'));
await check('a wrong secret is refused', async () => {
  const refusal = await assumed({ secret: 'wrong' }).getCredentials().then(() => '', (problem) => problem.message);
  expect(refusal.includes('the access key secret is invalid'), `was ${refusal}`); // its own words for SignatureDoesNotMatch
});

process.exitCode = failures === 0 ? 0 : 1;
