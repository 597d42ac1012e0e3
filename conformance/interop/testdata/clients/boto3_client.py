"""The choreographies of the README with boto3, against the endpoint in argv[1]."""

import json
import sys

import boto3
from botocore.config import Config

endpoint = sys.argv[1]
policy = json.dumps({"Version": "2012-10-17", "Statement": [{
    "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:root"},
    "Action": ["dsql:GetCluster"], "Resource": "*"}]})
poll = {"Delay": 0.1, "MaxAttempts": 300}


def client(region):
    return boto3.client("dsql", region_name=region, endpoint_url=endpoint, config=Config(retries={"max_attempts": 1}))


def expect(what, got, want):
    if got != want:
        sys.exit(f"{what}: got {got!r}, want {want!r}")


def active(dsql, identifier):
    dsql.get_waiter("cluster_active").wait(identifier=identifier, WaiterConfig=poll)


def gone(dsql, identifier):
    dsql.get_waiter("cluster_not_exists").wait(identifier=identifier, WaiterConfig=poll)


def single(dsql):
    made = dsql.create_cluster(deletionProtectionEnabled=True, tags={"team": "blue"})
    name = made["identifier"]
    expect("status of a new cluster", made["status"], "CREATING")
    active(dsql, name)
    got = dsql.get_cluster(identifier=name)
    expect("protection", got["deletionProtectionEnabled"], True)
    expect("tags", got["tags"], {"team": "blue"})
    try:
        dsql.delete_cluster(identifier=name)
        sys.exit("delete of a protected cluster: got a success, want a ValidationException")
    except dsql.exceptions.ValidationException as e:
        expect("reason", e.response["reason"], "deletionProtectionEnabled")
    dsql.get_vpc_endpoint_service_name(identifier=name)
    return made


def tags(dsql, arn):
    dsql.tag_resource(resourceArn=arn, tags={"stage": "test"})
    expect("tags", dsql.list_tags_for_resource(resourceArn=arn)["tags"], {"team": "blue", "stage": "test"})
    dsql.untag_resource(resourceArn=arn, tagKeys=["team"])
    expect("tags", dsql.list_tags_for_resource(resourceArn=arn)["tags"], {"stage": "test"})


def policies(dsql, name):
    version = dsql.put_cluster_policy(identifier=name, policy=policy)["policyVersion"]
    got = dsql.get_cluster_policy(identifier=name)
    expect("policy", json.loads(got["policy"]), json.loads(policy))
    expect("policy version", got["policyVersion"], version)
    dsql.put_cluster_policy(identifier=name, policy=policy, expectedPolicyVersion=version)
    dsql.delete_cluster_policy(identifier=name)
    try:
        dsql.get_cluster_policy(identifier=name)
        sys.exit("policy after its deletion: got one, want a ResourceNotFoundException")
    except dsql.exceptions.ResourceNotFoundException:
        pass


def streams(dsql, name):
    target = {"kinesis": {"streamArn": "arn:aws:kinesis:us-east-1:123456789012:stream/changes",
                          "roleArn": "arn:aws:iam::123456789012:role/changes"}}
    made = dsql.create_stream(clusterIdentifier=name, targetDefinition=target, ordering="UNORDERED", format="JSON", tags={"a": "b"})
    ids = {"clusterIdentifier": name, "streamIdentifier": made["streamIdentifier"]}
    dsql.get_waiter("stream_active").wait(**ids, WaiterConfig=poll)
    got = dsql.get_stream(**ids)
    expect("target", got["targetDefinition"], target)
    listed = [s["streamIdentifier"] for page in dsql.get_paginator("list_streams").paginate(clusterIdentifier=name) for s in page["streams"]]
    expect("streams", listed, [made["streamIdentifier"]])
    dsql.delete_stream(**ids)
    dsql.get_waiter("stream_not_exists").wait(**ids, WaiterConfig=poll)


def pages(dsql):
    made = {dsql.create_cluster(deletionProtectionEnabled=False)["identifier"] for _ in range(3)}
    listed = [c["identifier"] for page in dsql.get_paginator("list_clusters").paginate(PaginationConfig={"PageSize": 1}) for c in page["clusters"]]
    expect("every cluster once", sorted(c for c in listed if c in made), sorted(made))
    for name in made:
        active(dsql, name)
        dsql.delete_cluster(identifier=name)
    for name in made:
        gone(dsql, name)


def linked(one, two):
    first = one.create_cluster(deletionProtectionEnabled=False, multiRegionProperties={"witnessRegion": "us-west-2"})
    expect("status of a first member", first["status"], "PENDING_SETUP")
    second = two.create_cluster(deletionProtectionEnabled=False, multiRegionProperties={"witnessRegion": "us-west-2", "clusters": [first["arn"]]})
    one.update_cluster(identifier=first["identifier"], multiRegionProperties={"witnessRegion": "us-west-2", "clusters": [second["arn"]]})
    active(one, first["identifier"])
    active(two, second["identifier"])
    both = sorted([first["arn"], second["arn"]])
    for dsql, member in ((one, first), (two, second)):
        expect("members", sorted(dsql.get_cluster(identifier=member["identifier"])["multiRegionProperties"]["clusters"]), both)
    for dsql, member in ((one, first), (two, second)):
        expect("status of a deleted member", dsql.delete_cluster(identifier=member["identifier"])["status"], "PENDING_DELETE")
    for dsql, member in ((one, first), (two, second)):
        gone(dsql, member["identifier"])


one, two = client("us-east-1"), client("us-east-2")
cluster = single(one)
tags(one, cluster["arn"])
policies(one, cluster["identifier"])
streams(one, cluster["identifier"])
one.update_cluster(identifier=cluster["identifier"], deletionProtectionEnabled=False)
one.delete_cluster(identifier=cluster["identifier"])
gone(one, cluster["identifier"])
pages(one)
linked(one, two)
