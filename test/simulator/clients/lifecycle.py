"""The life of a private SageMaker API by boto3: prints what AWS said at each step as JSON."""

import json
import sys

import boto3
from botocore.exceptions import ClientError

SERVICE = "com.amazonaws.us-east-1.sagemaker.api"
ec2 = boto3.client("ec2")
steps = {}


def refused(call, **parameters):
    try:
        call(**parameters)
    except ClientError as error:
        return error.response["Error"]["Code"]
    return None


def wait_while(state, endpoint_id):
    while True:
        found = ec2.describe_vpc_endpoints(
            Filters=[{"Name": "vpc-endpoint-id", "Values": [endpoint_id]}]
        )["VpcEndpoints"]
        if not found or found[0]["State"] != state:
            return found[0] if found else None


vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsSupport={"Value": True})
ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": True})
zones = [zone["ZoneName"] for zone in ec2.describe_availability_zones()["AvailabilityZones"]]
subnets = [
    ec2.create_subnet(VpcId=vpc, AvailabilityZone=zone, CidrBlock=f"10.0.{index}.0/24")["Subnet"]
    for index, zone in enumerate(zones)
]
group = ec2.create_security_group(GroupName="endpoints", Description="443", VpcId=vpc)["GroupId"]
ec2.authorize_security_group_ingress(
    GroupId=group,
    IpPermissions=[
        {
            "IpProtocol": "tcp",
            "FromPort": 443,
            "ToPort": 443,
            "IpRanges": [{"CidrIp": "10.0.0.0/16", "Description": "the VPC"}],
        }
    ],
)
created = ec2.create_vpc_endpoint(
    VpcEndpointType="Interface",
    VpcId=vpc,
    ServiceName=SERVICE,
    SubnetIds=[subnet["SubnetId"] for subnet in subnets],
    SecurityGroupIds=[group],
    PrivateDnsEnabled=True,
    ClientToken="once",
    TagSpecifications=[
        {"ResourceType": "vpc-endpoint", "Tags": [{"Key": "team", "Value": "ml"}]}
    ],
)["VpcEndpoint"]
endpoint = created["VpcEndpointId"]
steps["created"] = created["State"]
available = wait_while("pending", endpoint)
steps["available"] = {
    "state": available["State"],
    "privateDns": available["PrivateDnsEnabled"],
    "names": [entry["DnsName"].replace(endpoint, "ID") for entry in available["DnsEntries"]],
    "tags": available["Tags"],
}
interfaces = ec2.describe_network_interfaces(
    NetworkInterfaceIds=available["NetworkInterfaceIds"]
)["NetworkInterfaces"]
steps["interfaces"] = [
    [found["AvailabilityZone"], found["InterfaceType"], found["PrivateIpAddress"].rsplit(".", 1)[0]]
    for found in interfaces
]
steps["groupInUse"] = refused(ec2.delete_security_group, GroupId=group)
steps["refusedDelete"] = ec2.delete_vpc_endpoints(VpcEndpointIds=["vpce-0123456789abcdef0"])[
    "Unsuccessful"
][0]["Error"]["Code"]
ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint])
wait_while("deleting", endpoint)
ec2.delete_security_group(GroupId=group)
wait_while("deleted", endpoint)
steps["gone"] = refused(ec2.describe_vpc_endpoints, VpcEndpointIds=[endpoint])

iam = boto3.client("iam")
document = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}
policy = iam.create_policy(PolicyName="notebooks", PolicyDocument=json.dumps(document))["Policy"]
version = iam.get_policy_version(PolicyArn=policy["Arn"], VersionId="v1")["PolicyVersion"]
steps["policyComesBack"] = version["Document"] == document
trust = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "*"}},
    ],
}
role = iam.create_role(RoleName="users", AssumeRolePolicyDocument=json.dumps(trust))["Role"]
iam.get_waiter("role_exists").wait(RoleName="users")
iam.attach_role_policy(RoleName="users", PolicyArn=policy["Arn"])
steps["entities"] = [
    found["RoleName"]
    for page in iam.get_paginator("list_entities_for_policy").paginate(PolicyArn=policy["Arn"])
    for found in page["PolicyRoles"]
]
session = boto3.client("sts").assume_role(RoleArn=role["Arn"], RoleSessionName="session")["Credentials"]
caller = boto3.client(
    "sts",
    aws_access_key_id=session["AccessKeyId"],
    aws_secret_access_key=session["SecretAccessKey"],
    aws_session_token=session["SessionToken"],
).get_caller_identity()
steps["caller"] = caller["Arn"]
json.dump(steps, sys.stdout)
