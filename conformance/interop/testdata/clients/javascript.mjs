// The choreographies of the README with @aws-sdk/client-dsql, which lies in the
// directory argv[2], against the endpoint argv[3].
import { createRequire } from "node:module";
import assert from "node:assert/strict";
import path from "node:path";

const sdk = createRequire(path.join(process.argv[2], "package.json"))("@aws-sdk/client-dsql");
const endpoint = process.argv[3];
const witnessRegion = "us-west-2";
const account = "123456789012";
const policy = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: ["dsql:GetCluster"], Resource: "*" }],
});

const client = (region) => new sdk.DSQLClient({ region, endpoint, maxAttempts: 1 });
const call = (dsql, name, input = {}) => dsql.send(new sdk[`${name}Command`](input));
const wait = (dsql, what, input) => sdk[`waitUntil${what}`]({ client: dsql, maxWaitTime: 30, minDelay: 1, maxDelay: 1 }, input);

async function single(dsql) {
  const made = await call(dsql, "CreateCluster", { deletionProtectionEnabled: true, tags: { team: "blue" } });
  assert.equal(made.status, "CREATING");
  assert.ok(Math.abs(made.creationTime - Date.now()) < 60_000, `creation time ${made.creationTime}`);
  await wait(dsql, "ClusterActive", { identifier: made.identifier });
  const got = await call(dsql, "GetCluster", { identifier: made.identifier });
  assert.deepEqual(got.tags, { team: "blue" });
  assert.equal(got.deletionProtectionEnabled, true);
  await assert.rejects(call(dsql, "DeleteCluster", { identifier: made.identifier }), (e) => e instanceof sdk.ValidationException && e.reason === "deletionProtectionEnabled");
  await call(dsql, "GetVpcEndpointServiceName", { identifier: made.identifier });
  return made;
}

async function tags(dsql, resourceArn) {
  await call(dsql, "TagResource", { resourceArn, tags: { stage: "test" } });
  assert.deepEqual((await call(dsql, "ListTagsForResource", { resourceArn })).tags, { team: "blue", stage: "test" });
  await call(dsql, "UntagResource", { resourceArn, tagKeys: ["team"] });
  assert.deepEqual((await call(dsql, "ListTagsForResource", { resourceArn })).tags, { stage: "test" });
}

async function policies(dsql, identifier) {
  const { policyVersion } = await call(dsql, "PutClusterPolicy", { identifier, policy });
  const got = await call(dsql, "GetClusterPolicy", { identifier });
  assert.deepEqual(JSON.parse(got.policy), JSON.parse(policy));
  assert.equal(got.policyVersion, policyVersion);
  await call(dsql, "DeleteClusterPolicy", { identifier, expectedPolicyVersion: policyVersion });
  await assert.rejects(call(dsql, "GetClusterPolicy", { identifier }), sdk.ResourceNotFoundException);
}

async function streams(dsql, clusterIdentifier) {
  const targetDefinition = {
    kinesis: { streamArn: `arn:aws:kinesis:us-east-1:${account}:stream/changes`, roleArn: `arn:aws:iam::${account}:role/changes` },
  };
  const { streamIdentifier } = await call(dsql, "CreateStream", { clusterIdentifier, targetDefinition, ordering: "UNORDERED", format: "JSON" });
  await wait(dsql, "StreamActive", { clusterIdentifier, streamIdentifier });
  assert.deepEqual((await call(dsql, "GetStream", { clusterIdentifier, streamIdentifier })).targetDefinition, targetDefinition);
  const listed = [];
  for await (const page of sdk.paginateListStreams({ client: dsql, pageSize: 1 }, { clusterIdentifier })) {
    listed.push(...page.streams.map((s) => s.streamIdentifier));
  }
  assert.deepEqual(listed, [streamIdentifier]);
  await call(dsql, "DeleteStream", { clusterIdentifier, streamIdentifier });
  await wait(dsql, "StreamNotExists", { clusterIdentifier, streamIdentifier });
}

async function linked(one, two) {
  const first = await call(one, "CreateCluster", { deletionProtectionEnabled: false, multiRegionProperties: { witnessRegion } });
  assert.equal(first.status, "PENDING_SETUP");
  const second = await call(two, "CreateCluster", { deletionProtectionEnabled: false, multiRegionProperties: { witnessRegion, clusters: [first.arn] } });
  await call(one, "UpdateCluster", { identifier: first.identifier, multiRegionProperties: { witnessRegion, clusters: [second.arn] } });
  const members = [[one, first], [two, second]];
  for (const [dsql, { identifier }] of members) {
    await wait(dsql, "ClusterActive", { identifier });
    const got = await call(dsql, "GetCluster", { identifier });
    assert.deepEqual([...got.multiRegionProperties.clusters].sort(), [first.arn, second.arn].sort());
  }
  const seen = new Set();
  for await (const page of sdk.paginateListClusters({ client: one, pageSize: 1 }, {})) {
    for (const { identifier } of page.clusters) {
      assert.ok(!seen.has(identifier), `${identifier} is listed twice`);
      seen.add(identifier);
    }
  }
  assert.ok(seen.has(first.identifier) && !seen.has(second.identifier), "a Region lists its own clusters");
  for (const [dsql, { identifier }] of members) {
    assert.equal((await call(dsql, "DeleteCluster", { identifier })).status, "PENDING_DELETE");
  }
  for (const [dsql, { identifier }] of members) {
    await wait(dsql, "ClusterNotExists", { identifier });
  }
}

const one = client("us-east-1");
const two = client("us-east-2");
const { identifier, arn } = await single(one);
await tags(one, arn);
await policies(one, identifier);
await streams(one, identifier);
await linked(one, two);
await call(one, "UpdateCluster", { identifier, deletionProtectionEnabled: false });
await call(one, "DeleteCluster", { identifier });
await wait(one, "ClusterNotExists", { identifier });
