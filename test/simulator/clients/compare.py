"""Asks one AWS a fixed list of questions and prints the answers as JSON, in a form in which two
AWSs can be compared: ids by kind and order of appearance, no times, lists of tags and filters of
unordered things sorted.

Each step has a name. An error is an answer: its code and HTTP status.
"""

import json
import re
import sys
import urllib.request

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.parsers import ResponseParserError

ENDPOINT, REGION = sys.argv[1], "us-east-1"
config = Config(retries={"total_max_attempts": 1})
ec2 = boto3.client("ec2", endpoint_url=ENDPOINT, region_name=REGION, config=config)
iam = boto3.client("iam", endpoint_url=ENDPOINT, region_name=REGION, config=config)
sts = boto3.client("sts", endpoint_url=ENDPOINT, region_name=REGION, config=config)

API = f"com.amazonaws.{REGION}.sagemaker.api"
RUNTIME = f"com.amazonaws.{REGION}.sagemaker.runtime"
NOTEBOOK = f"aws.sagemaker.{REGION}.notebook"
answers = []
seen = {}


def named(match):
    """`sg-0a1b...` becomes `sg-1`: the first group that appeared."""
    prefix = match.group(1)
    ids = seen.setdefault(prefix, [])
    if match.group(0) not in ids:
        ids.append(match.group(0))
    return f"{prefix}-{ids.index(match.group(0)) + 1}"


def normal(value):
    if isinstance(value, dict):
        return {
            key: normal(inner)
            for key, inner in sorted(value.items())
            if key not in ("ResponseMetadata", "RequestId")
        }
    if isinstance(value, (list, tuple)):
        return [normal(inner) for inner in value]
    if isinstance(value, str):
        return re.sub(r"\b(vpce|vpc|subnet|sgr|sg|eni|pl)-[0-9a-f]{8,17}\b", named, value)
    return value


def step(name, ask, *, quietly=False):
    try:
        answer = ask()
    except ClientError as error:
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        answer = {"error": error.response["Error"]["Code"], "status": status}
    except ResponseParserError:
        answer = {"error": "the answer is no XML"}
    except KeyError as missing:
        answer = {"error": f"the answer has no {missing}"}
    if not quietly:
        answers.append({"name": name, "answer": normal(answer)})
    return answer


def tags_of(resource):
    return sorted((tag["Key"], tag["Value"]) for tag in resource.get("Tags", []))


def tagged(kind, **tags):
    pairs = [{"Key": key, "Value": value} for key, value in tags.items()]
    return [{"ResourceType": kind, "Tags": pairs}]


def only(resource, *keys):
    return {key: resource.get(key) for key in keys}


def https(*cidrs, description=None):
    ranges = [{"CidrIp": cidr} for cidr in cidrs]
    if description is not None:
        ranges = [{**one, "Description": description} for one in ranges]
    return {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": ranges}


def endpoints(**parameters):
    return ec2.describe_vpc_endpoints(**parameters)["VpcEndpoints"]


def filtered(**filters):
    return [{"Name": name, "Values": values} for name, values in filters.items()]


def state_of(endpoint):
    """The state, or `gone`."""
    try:
        return endpoints(VpcEndpointIds=[endpoint])[0]["State"]
    except ClientError:
        return "gone"


def settle(*ids):
    """Waits until nothing is on its way. Bounded: moto never comes to an end of some things."""
    for endpoint in ids:
        while state_of(endpoint) in ("pending", "deleting"):
            pass


def new_endpoint(**parameters):
    given = {
        "VpcEndpointType": "Interface",
        "VpcId": vpc,
        "ServiceName": API,
        "SubnetIds": subnets,
        "SecurityGroupIds": [group],
        "PrivateDnsEnabled": False,
        **parameters,
    }
    return ec2.create_vpc_endpoint(**{k: v for k, v in given.items() if v is not None})[
        "VpcEndpoint"
    ]


def trial(name, describe=lambda made: "created", **parameters):
    """A create whose endpoint, if it is made, is removed again."""
    made = step(name, lambda: new_endpoint(**parameters), quietly=True)
    failed = "error" in made
    answers.append({"name": name, "answer": normal(made if failed else describe(made))})
    if not failed:
        remove(made["VpcEndpointId"])


def remove(endpoint):
    settle(endpoint)
    ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint])
    settle(endpoint)


# --- VPCs and subnets ---------------------------------------------------------------------------
vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16", TagSpecifications=tagged("vpc", ml="yes"))["Vpc"][
    "VpcId"
]
step(
    "a new VPC",
    lambda: [
        only(found, "CidrBlock", "IsDefault", "State", "VpcId", "OwnerId") | {"tags": tags_of(found)}
        for found in ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"]
    ],
)
step("VPCs by tag", lambda: len(ec2.describe_vpcs(Filters=filtered(**{"tag:ml": ["yes"]}))["Vpcs"]))
step("an unknown VPC", lambda: ec2.describe_vpcs(VpcIds=["vpc-0123456789abcdef0"]))
for attribute, key in (
    ("enableDnsSupport", "EnableDnsSupport"),
    ("enableDnsHostnames", "EnableDnsHostnames"),
):
    step(
        f"{attribute} of a new VPC",
        lambda a=attribute, k=key: ec2.describe_vpc_attribute(VpcId=vpc, Attribute=a)[k],
    )
bare_vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": True})
step(
    "DNS host names turned on",
    lambda: ec2.describe_vpc_attribute(VpcId=vpc, Attribute="enableDnsHostnames")[
        "EnableDnsHostnames"
    ],
)
subnets = [
    ec2.create_subnet(VpcId=vpc, AvailabilityZone=f"{REGION}{zone}", CidrBlock=f"10.0.{i}.0/24")[
        "Subnet"
    ]["SubnetId"]
    for i, zone in enumerate("ab")
]
step(
    "subnets of a VPC",
    lambda: [
        only(found, "SubnetId", "VpcId", "CidrBlock", "AvailabilityZone", "State")
        for found in ec2.describe_subnets(Filters=filtered(**{"vpc-id": [vpc]}))["Subnets"]
    ],
)
step("an unknown subnet", lambda: ec2.describe_subnets(SubnetIds=["subnet-0123456789abcdef0"]))
step(
    "a subnet over another one",
    lambda: ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/25"),
)
step(
    "zones",
    lambda: [
        only(zone, "ZoneName", "State", "RegionName", "ZoneType")
        for zone in ec2.describe_availability_zones()["AvailabilityZones"]
    ][:3],
)

# --- Security groups ----------------------------------------------------------------------------
made = step(
    "a new group",
    lambda: only(
        ec2.create_security_group(
            GroupName="endpoints",
            Description="of endpoints",
            VpcId=vpc,
            TagSpecifications=tagged("security-group", owner="me"),
        ),
        "GroupId",
    ),
)
group = made["GroupId"]
other_group = ec2.create_security_group(
    GroupName="others", Description="d", VpcId=vpc, TagSpecifications=tagged("security-group", a="b")
)
step("the answer to a new group has its tags", lambda: tags_of(other_group))
other_group = other_group["GroupId"]
step(
    "a group by tag",
    lambda: [
        only(found, "GroupId", "GroupName", "Description", "VpcId", "OwnerId")
        for found in ec2.describe_security_groups(Filters=filtered(**{"tag:owner": ["me"]}))[
            "SecurityGroups"
        ]
    ],
)
step(
    "a group of a name that is taken",
    lambda: ec2.create_security_group(GroupName="endpoints", Description="d", VpcId=vpc),
)
step(
    "a group in an unknown VPC",
    lambda: bool(
        ec2.create_security_group(GroupName="x", Description="d", VpcId="vpc-0123456789abcdef0")
    ),
)
step(
    "a group named like an id",
    lambda: bool(ec2.create_security_group(GroupName="sg-x", Description="d", VpcId=vpc)),
)
step("an unknown group", lambda: ec2.describe_security_groups(GroupIds=["sg-0123456789abcdef0"]))


def rules_of(group_id, egress=False):
    found = ec2.describe_security_group_rules(Filters=filtered(**{"group-id": [group_id]}))
    return sorted(
        (
            only(rule, "IpProtocol", "FromPort", "ToPort", "CidrIpv4", "CidrIpv6", "Description")
            for rule in found["SecurityGroupRules"]
            if rule["IsEgress"] == egress
        ),
        key=str,
    )


step("egress of a new group", lambda: rules_of(group, egress=True))
allowed = step(
    "a rule",
    lambda: [
        only(rule, "SecurityGroupRuleId", "GroupId", "IsEgress", "CidrIpv4", "ToPort")
        | {"tags": tags_of(rule)}
        for rule in ec2.authorize_security_group_ingress(
            GroupId=group,
            IpPermissions=[https("10.0.0.0/16", description="VPC")],
            TagSpecifications=tagged("security-group-rule", a="b"),
        )["SecurityGroupRules"]
    ],
)
step("the rules of a group", lambda: rules_of(group))
step(
    "a rule that is there",
    lambda: ec2.authorize_security_group_ingress(
        GroupId=group, IpPermissions=[https("10.0.0.0/16")]
    ),
)
step(
    "owners of rules",
    lambda: sorted(
        {
            str(rule.get("GroupOwnerId"))
            for rule in ec2.describe_security_group_rules(
                Filters=filtered(**{"group-id": [group]})
            )["SecurityGroupRules"]
        }
    ),
)
step(
    "a block with host bits",
    lambda: [
        rule["CidrIpv4"]
        for rule in ec2.authorize_security_group_ingress(
            GroupId=group, IpPermissions=[https("100.68.0.18/18")]
        )["SecurityGroupRules"]
    ],
)
step(
    "the answer to two permissions in one call",
    lambda: len(
        ec2.authorize_security_group_ingress(
            GroupId=other_group,
            IpPermissions=[https("10.1.0.0/16"), {**https("10.2.0.0/16"), "ToPort": 444}],
        )["SecurityGroupRules"]
    ),
)
ec2.authorize_security_group_ingress(
    GroupId=other_group,
    IpPermissions=[
        {
            "IpProtocol": "tcp",
            "FromPort": 443,
            "ToPort": 443,
            "UserIdGroupPairs": [{"GroupId": group, "Description": "members"}],
        }
    ],
)
step(
    "the description of a rule from a group",
    lambda: [
        rule.get("Description")
        for rule in ec2.describe_security_group_rules(
            Filters=filtered(**{"group-id": [other_group]})
        )["SecurityGroupRules"]
        if "ReferencedGroupInfo" in rule
    ],
)
step("a group that a rule refers to is deleted", lambda: ec2.delete_security_group(GroupId=group) and "deleted")
if not [g for g in ec2.describe_security_groups()["SecurityGroups"] if g["GroupId"] == group]:
    group = ec2.create_security_group(GroupName="endpoints", Description="d", VpcId=vpc)["GroupId"]
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[https("10.0.0.0/16")])
full = ec2.create_security_group(GroupName="full", Description="d", VpcId=vpc)["GroupId"]
ec2.authorize_security_group_ingress(
    GroupId=full, IpPermissions=[https(*[f"10.3.{i}.0/24" for i in range(60)])]
)
step(
    "the sixty-first rule",
    lambda: ec2.authorize_security_group_ingress(
        GroupId=full, IpPermissions=[https("10.4.0.0/24")]
    ),
)
step(
    "pages of rules",
    lambda: len(
        ec2.describe_security_group_rules(
            Filters=filtered(**{"group-id": [full]}), MaxResults=10
        )["SecurityGroupRules"]
    ),
)
prefix_list = ec2.create_managed_prefix_list(
    PrefixListName="offices",
    AddressFamily="IPv4",
    MaxEntries=50,
    Entries=[{"Cidr": "203.0.113.0/24"}],
)["PrefixList"]["PrefixListId"]
step(
    "a prefix list",
    lambda: [
        only(found, "PrefixListName", "AddressFamily", "MaxEntries")
        for found in ec2.describe_managed_prefix_lists(PrefixListIds=[prefix_list])["PrefixLists"]
    ],
)
lists = ec2.create_security_group(GroupName="lists", Description="d", VpcId=vpc)["GroupId"]
ec2.authorize_security_group_ingress(
    GroupId=lists, IpPermissions=[https(*[f"10.5.{i}.0/24" for i in range(20)])]
)
step(
    "a prefix list of fifty beside twenty rules",
    lambda: ec2.authorize_security_group_ingress(
        GroupId=lists,
        IpPermissions=[{**https(), "PrefixListIds": [{"PrefixListId": prefix_list}]}],
    )["Return"],
)
step(
    "a rule that is not there is revoked",
    lambda: ec2.revoke_security_group_ingress(
        GroupId=full, IpPermissions=[https("192.0.2.0/24")]
    )["Return"],
)
step(
    "a rule id that is not there is revoked",
    lambda: ec2.revoke_security_group_ingress(
        GroupId=full, SecurityGroupRuleIds=["sgr-0123456789abcdef0"]
    )["Return"],
)
some_rule = ec2.describe_security_group_rules(Filters=filtered(**{"group-id": [full]}))[
    "SecurityGroupRules"
][-1]
step(
    "a rule is revoked by its id",
    lambda: ec2.revoke_security_group_ingress(
        GroupId=full, SecurityGroupRuleIds=[some_rule["SecurityGroupRuleId"]]
    )["Return"]
    and len(rules_of(full)),
)
step("a group is deleted", lambda: ec2.delete_security_group(GroupId=full) and "deleted")
step("an unknown group is deleted", lambda: ec2.delete_security_group(GroupId=full))

# --- Endpoint services --------------------------------------------------------------------------


def services(**parameters):
    return ec2.describe_vpc_endpoint_services(**parameters)["ServiceDetails"]


for name in (API, NOTEBOOK, f"aws.sagemaker.{REGION}.studio"):
    step(
        f"the service {name}",
        lambda n=name: [
            only(found, "ServiceName", "ServiceType", "AcceptanceRequired", "Owner")
            for found in services(ServiceNames=[n])
        ],
    )
step("the private name of the API", lambda: services(ServiceNames=[API])[0]["PrivateDnsName"])
step("the private name of the runtime", lambda: services(ServiceNames=[RUNTIME])[0]["PrivateDnsName"])
step(
    "all private names of the API",
    lambda: [found["PrivateDnsName"] for found in services(ServiceNames=[API])[0]["PrivateDnsNames"]],
)
step(
    "address types of a service",
    lambda: services(ServiceNames=[NOTEBOOK])[0].get("SupportedIpAddressTypes"),
)
step("an unknown service", lambda: services(ServiceNames=["com.amazonaws.nothing"]))
step("services by name filter", lambda: len(services(Filters=filtered(**{"service-name": [API]}))))
step("services by owner", lambda: len(services(Filters=filtered(owner=["nobody"]))))
for name in ("sagemaker.api-fips", "sagemaker.featurestore-runtime-fips"):
    step(
        f"the service {name}",
        lambda n=name: len(services(ServiceNames=[f"com.amazonaws.{REGION}.{n}"])),
    )
for name in ("experiments", "mlflow", "partner-app"):
    step(
        f"the service {name}",
        lambda n=name: len(services(ServiceNames=[f"aws.sagemaker.{REGION}.{n}"])),
    )

# --- Endpoints ----------------------------------------------------------------------------------
first = step(
    "a new endpoint",
    lambda: only(
        new_endpoint(TagSpecifications=tagged("vpc-endpoint", owner="me", role="api")),
        "VpcEndpointId",
        "VpcEndpointType",
        "VpcId",
        "ServiceName",
        "SubnetIds",
        "PrivateDnsEnabled",
        "RequesterManaged",
        "OwnerId",
    ),
)["VpcEndpointId"]
settle(first)
described = endpoints(VpcEndpointIds=[first])[0]
step("groups of the endpoint", lambda: [g["GroupId"] for g in described["Groups"]] == [group])
step("tags of the endpoint", lambda: tags_of(described))
step("interfaces of the endpoint", lambda: len(described["NetworkInterfaceIds"]))
step("the state of a settled endpoint", lambda: described["State"])
for name, values in {
    "service-name": [API],
    "vpc-id": [vpc],
    "vpc-endpoint-state": ["available"],
    "vpc-endpoint-type": ["Interface"],
    "tag:owner": ["me"],
    "tag-key": ["role"],
    "vpc-endpoint-id": [first],
    "ip-address-type": ["ipv4"],
    "service-region": [REGION],
}.items():
    step(
        f"endpoints filtered by {name}",
        lambda n=name, v=values: [
            found["VpcEndpointId"] for found in endpoints(Filters=filtered(**{n: v}))
        ],
    )
step("an unknown endpoint", lambda: endpoints(VpcEndpointIds=["vpce-0123456789abcdef0"]))
step(
    "tags are added, and found",
    lambda: ec2.create_tags(Resources=[first], Tags=[{"Key": "late", "Value": "1"}])
    and tags_of(endpoints(VpcEndpointIds=[first])[0]),
)
step(
    "a tag is deleted",
    lambda: ec2.delete_tags(Resources=[first], Tags=[{"Key": "late"}])
    and tags_of(endpoints(VpcEndpointIds=[first])[0]),
)
trial("the state in the answer to a create", lambda made: made["State"])
trial("the address type of an endpoint", lambda made: made.get("IpAddressType"))
trial(
    "the record type of an endpoint",
    lambda made: (made.get("DnsOptions") or {}).get("DnsRecordIpType"),
)
trial(
    "private DNS when the request does not say",
    lambda made: made["PrivateDnsEnabled"],
    PrivateDnsEnabled=None,
)
trial("the groups of an endpoint without groups", lambda made: len(made["Groups"]), SecurityGroupIds=None)
trial("the version of the default policy", lambda made: json.loads(made["PolicyDocument"]).get("Version"))
trial(
    "the form of the regional name",
    lambda made: re.sub(r"vpce-[0-9a-f]+-\w+", "vpce-ID-HASH", made["DnsEntries"][0]["DnsName"]),
)
trial(
    "the number of names with private DNS",
    lambda made: len(made["DnsEntries"]),
    PrivateDnsEnabled=True,
)
trial("an unknown service on create", ServiceName="com.amazonaws.nothing")
trial("an unknown subnet on create", SubnetIds=["subnet-0123456789abcdef0"])
trial("an unknown VPC on create", VpcId="vpc-0123456789abcdef0")
trial("an unknown group on create", SecurityGroupIds=["sg-0123456789abcdef0"])
trial("a policy that is no JSON", PolicyDocument="x")
trial("a dry run", DryRun=True)
twin = ec2.create_subnet(VpcId=vpc, AvailabilityZone=f"{REGION}a", CidrBlock="10.0.9.0/24")[
    "Subnet"
]["SubnetId"]
trial("two subnets in one zone", SubnetIds=[subnets[0], twin])
trial(
    "private DNS without the attributes of the VPC",
    VpcId=bare_vpc,
    SubnetIds=None,
    SecurityGroupIds=None,
    PrivateDnsEnabled=True,
)
trial("a fixed address outside of its subnet", SubnetConfigurations=[{"SubnetId": subnets[0], "Ipv4": "192.0.2.1"}])

private = new_endpoint(ServiceName=NOTEBOOK, PrivateDnsEnabled=True)["VpcEndpointId"]
trial("a private name that is taken", ServiceName=NOTEBOOK, PrivateDnsEnabled=True)
remove(private)

token = {"ClientToken": "once"}
once, again = (new_endpoint(**token)["VpcEndpointId"] for _ in range(2))
step("the same client token twice", lambda: once == again)
for made in {once, again}:
    remove(made)

interfaces = ec2.describe_network_interfaces(
    NetworkInterfaceIds=described["NetworkInterfaceIds"]
)["NetworkInterfaces"]
step("the type of an interface", lambda: interfaces[0].get("InterfaceType"))
step("interfaces are managed by AWS", lambda: interfaces[0].get("RequesterManaged"))
step("the groups of an interface", lambda: [g["GroupId"] for g in interfaces[0]["Groups"]] == [group])
step(
    "interfaces have addresses of their subnets",
    lambda: all(
        found["PrivateIpAddress"].startswith(f"10.0.{subnets.index(found['SubnetId'])}.")
        for found in interfaces
    ),
)

POLICY = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}],
    }
)


def modified(name, describe, **parameters):
    def ask():
        ec2.modify_vpc_endpoint(VpcEndpointId=first, **parameters)
        settle(first)
        return describe(endpoints(VpcEndpointIds=[first])[0])

    step(name, ask)


modified("a subnet is removed", lambda e: e["SubnetIds"], RemoveSubnetIds=[subnets[1]])
step(
    "interfaces after a subnet was removed",
    lambda: len(endpoints(VpcEndpointIds=[first])[0]["NetworkInterfaceIds"]),
)
modified("a subnet is added", lambda e: sorted(e["SubnetIds"]) == sorted(subnets), AddSubnetIds=[subnets[1]])
modified(
    "a group is added",
    lambda e: sorted(g["GroupId"] for g in e["Groups"]) == sorted([group, other_group]),
    AddSecurityGroupIds=[other_group],
)
modified(
    "a group is removed",
    lambda e: [g["GroupId"] for g in e["Groups"]] == [group],
    RemoveSecurityGroupIds=[other_group],
)
modified("all groups are removed", lambda e: len(e["Groups"]), RemoveSecurityGroupIds=[group])
if not endpoints(VpcEndpointIds=[first])[0]["Groups"]:
    ec2.modify_vpc_endpoint(VpcEndpointId=first, AddSecurityGroupIds=[group])
modified("a policy is set", lambda e: json.loads(e["PolicyDocument"]), PolicyDocument=POLICY)
modified(
    "a policy is reset",
    lambda e: json.loads(e["PolicyDocument"])["Statement"][0]["Effect"],
    ResetPolicy=True,
)
modified("private DNS is turned on", lambda e: e["PrivateDnsEnabled"], PrivateDnsEnabled=True)
step(
    "an unknown endpoint is modified",
    lambda: ec2.modify_vpc_endpoint(
        VpcEndpointId="vpce-0123456789abcdef0", PrivateDnsEnabled=False
    ),
)
second = new_endpoint(ServiceName=RUNTIME)["VpcEndpointId"]
settle(second)
step(
    "a page of one endpoint",
    lambda: len(endpoints(Filters=filtered(**{"vpc-endpoint-id": [first, second]}), MaxResults=1)),
)
step("a page of endpoints without a filter", lambda: len(endpoints(MaxResults=1)))
step("the group of an endpoint is deleted", lambda: ec2.delete_security_group(GroupId=group) and "deleted")
step("endpoints are deleted", lambda: ec2.delete_vpc_endpoints(VpcEndpointIds=[first, second])["Unsuccessful"])
settle(first, second)
step(
    "an unknown endpoint is deleted",
    lambda: [
        found["Error"]["Code"]
        for found in ec2.delete_vpc_endpoints(VpcEndpointIds=["vpce-0123456789abcdef0"])[
            "Unsuccessful"
        ]
    ],
)


def gone_in_the_end():
    return any(state_of(first) == "gone" for _ in range(300))


step("a deleted endpoint is gone in the end", gone_in_the_end)

# --- IAM ----------------------------------------------------------------------------------------


def document(**statement):
    deny = {"Effect": "Deny", "Action": "sagemaker:*", "Resource": "*", **statement}
    return json.dumps({"Version": "2012-10-17", "Statement": [deny]})


def new_policy(name, **parameters):
    return iam.create_policy(
        **{"PolicyName": name, "PolicyDocument": document(), **parameters}
    )["Policy"]


policy = step(
    "a new policy",
    lambda: only(
        new_policy("notebooks", Path="/ml/", Description="d", Tags=[{"Key": "a", "Value": "b"}]),
        "Arn",
        "PolicyName",
        "Path",
        "DefaultVersionId",
        "AttachmentCount",
        "IsAttachable",
    ),
)["Arn"]
step("tags of a policy", lambda: tags_of(iam.list_policy_tags(PolicyArn=policy)))
step("the description of a policy", lambda: iam.get_policy(PolicyArn=policy)["Policy"]["Description"])
step("a policy of a name that is taken", lambda: bool(new_policy("notebooks", Path="/ml/")))
step("a policy of a name that is taken under another path", lambda: bool(new_policy("notebooks")))
step("a policy that is none", lambda: bool(new_policy("bad", PolicyDocument="{")))
step("a policy without an effect", lambda: bool(new_policy("bad", PolicyDocument=document(Effect="x"))))
step("a policy with a bad Sid", lambda: bool(new_policy("bad1", PolicyDocument=document(Sid="a-b"))))
step(
    "a policy with an address that is none",
    lambda: bool(
        new_policy(
            "bad2",
            PolicyDocument=document(Condition={"NotIpAddress": {"aws:SourceIp": ["10.0.0.300"]}}),
        )
    ),
)
step(
    "a policy that is too long",
    lambda: bool(new_policy("bad3", PolicyDocument=document(Sid="x" * 6144))),
)
step("an unknown policy", lambda: iam.get_policy(PolicyArn=policy + "2"))


def raw_version():
    """The document as it is on the wire: boto3 decodes it on the way."""
    scope = f"AKIAIOSFODNN7EXAMPLE/20260101/{REGION}/iam/aws4_request"
    body = f"Action=GetPolicyVersion&Version=2010-05-08&VersionId=v1&PolicyArn={policy}"
    request = urllib.request.Request(
        ENDPOINT,
        data=body.encode(),
        headers={
            "Host": "iam.amazonaws.com",
            "X-Amz-Date": "20260101T000000Z",
            "Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0",
            "Content-Type": "application/x-www-form-urlencoded",
        },
    )
    with urllib.request.urlopen(request) as response:
        text = response.read().decode()
    return re.search(r"<Document>(.*?)</Document>", text, re.DOTALL).group(1)[:3]


step("the first characters of a document on the wire", raw_version)
step(
    "a document",
    lambda: iam.get_policy_version(PolicyArn=policy, VersionId="v1")["PolicyVersion"]["Document"],
)
for _ in range(4):
    iam.create_policy_version(PolicyArn=policy, PolicyDocument=document(), SetAsDefault=True)
step(
    "the sixth version",
    lambda: iam.create_policy_version(PolicyArn=policy, PolicyDocument=document()),
)
step(
    "versions",
    lambda: sorted(
        (version["VersionId"], version["IsDefaultVersion"])
        for version in iam.list_policy_versions(PolicyArn=policy)["Versions"]
    ),
)
step(
    "the default version is deleted",
    lambda: iam.delete_policy_version(PolicyArn=policy, VersionId="v5"),
)
step(
    "another version is deleted",
    lambda: len(iam.delete_policy_version(PolicyArn=policy, VersionId="v1")) > 0,
)
step(
    "another version becomes the default",
    lambda: iam.set_default_policy_version(PolicyArn=policy, VersionId="v3")
    and iam.get_policy(PolicyArn=policy)["Policy"]["DefaultVersionId"],
)
trust = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
        ],
    }
)
role = step(
    "a new role",
    lambda: only(
        iam.create_role(RoleName="DataScientist", AssumeRolePolicyDocument=trust)["Role"],
        "Arn",
        "RoleName",
        "Path",
        "AssumeRolePolicyDocument",
    ),
)["Arn"]
iam.create_user(UserName="ann")
iam.create_group(GroupName="staff")
step("a role of a name that is taken", lambda: iam.create_role(RoleName="DataScientist", AssumeRolePolicyDocument=trust))
step("an unknown role", lambda: iam.get_role(RoleName="nobody"))
for _ in range(2):
    step(
        "a policy is attached",
        lambda: iam.attach_role_policy(RoleName="DataScientist", PolicyArn=policy)
        and iam.list_attached_role_policies(RoleName="DataScientist")["AttachedPolicies"],
    )
iam.attach_user_policy(UserName="ann", PolicyArn=policy)
iam.attach_group_policy(GroupName="staff", PolicyArn=policy)


def entities():
    found = iam.list_entities_for_policy(PolicyArn=policy)
    return [
        [entity["RoleName"] for entity in found["PolicyRoles"]],
        [entity["UserName"] for entity in found["PolicyUsers"]],
        [entity["GroupName"] for entity in found["PolicyGroups"]],
        found["IsTruncated"],
    ]


step("who uses a policy", entities)
step("the number of attachments", lambda: iam.get_policy(PolicyArn=policy)["Policy"]["AttachmentCount"])
step("an unknown policy is attached", lambda: iam.attach_role_policy(RoleName="DataScientist", PolicyArn=policy + "2"))
step("a role that is in use is deleted", lambda: iam.delete_role(RoleName="DataScientist"))
step(
    "an inline policy",
    lambda: iam.put_role_policy(
        RoleName="DataScientist", PolicyName="inline", PolicyDocument=document()
    )
    and iam.get_role_policy(RoleName="DataScientist", PolicyName="inline")["PolicyDocument"],
)
many = [new_policy(f"many{i}")["Arn"] for i in range(11)]


def attach_many():
    for arn in many:
        iam.attach_user_policy(UserName="ann", PolicyArn=arn)
    return len(iam.list_attached_user_policies(UserName="ann")["AttachedPolicies"])


step("eleven policies of one user", attach_many)
iam.detach_role_policy(RoleName="DataScientist", PolicyArn=policy)
step(
    "a policy that is not attached is detached",
    lambda: iam.detach_role_policy(RoleName="DataScientist", PolicyArn=policy),
)
step("an attached policy is deleted", lambda: len(iam.delete_policy(PolicyArn=policy)) > 0)
versioned = new_policy("versioned")["Arn"]
iam.create_policy_version(PolicyArn=versioned, PolicyDocument=document())
step("a policy with two versions is deleted", lambda: len(iam.delete_policy(PolicyArn=versioned)) > 0)

# --- STS ----------------------------------------------------------------------------------------
step("the account of the caller", lambda: sts.get_caller_identity()["Account"])
step(
    "an assumed role",
    lambda: sts.assume_role(RoleArn=role, RoleSessionName="session")["AssumedRoleUser"]["Arn"],
)
json.dump(answers, sys.stdout)
