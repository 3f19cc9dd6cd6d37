"""Holds the answers and filters of EC2 against botocore's model. Prints what it found as JSON:

unknown   elements of answers that the model does not have
absent    members of described resources that no answer had
filters   documented filters that are refused, or do not find what the answers show
silent    documented filters for which no row had a value
"""

import json
import re
import sys
import xml.etree.ElementTree as ET

import boto3
from botocore.exceptions import ClientError

ec2 = boto3.client("ec2")
model = ec2.meta.service_model
report = {"unknown": set(), "absent": set(), "filters": {}, "silent": set()}

# In every answer of EC2, though no model has them.
EVERYWHERE = {"requestId", "return"}


def check_elements(element, shape, at):
    for child in element:
        name = child.tag.split("}")[1]
        if shape.type_name == "list":
            check_elements(child, shape.member, at)
            continue
        if shape.type_name != "structure":
            report["unknown"].add(f"{at}.{name}")
            continue
        by_wire = {m.serialization.get("name", n): m for n, m in shape.members.items()}
        if name in by_wire:
            check_elements(child, by_wire[name], f"{at}.{name}")
        elif name not in EVERYWHERE:
            report["unknown"].add(f"{at}.{name}")


def before_parse(operation_model, response_dict, **_):
    if response_dict["status_code"] >= 300 or operation_model.output_shape is None:
        return
    root = ET.fromstring(response_dict["body"])
    check_elements(root, operation_model.output_shape, operation_model.name)


ec2.meta.events.register("before-parse.ec2", before_parse)


def make_world():
    tag = lambda kind: [{"ResourceType": kind, "Tags": [{"Key": "team", "Value": "ml"}]}]
    vpc = ec2.create_vpc(
        CidrBlock="10.0.0.0/16", AmazonProvidedIpv6CidrBlock=True, TagSpecifications=tag("vpc")
    )["Vpc"]
    vpc_id = vpc["VpcId"]
    ec2.modify_vpc_attribute(VpcId=vpc_id, EnableDnsHostnames={"Value": True})
    block = vpc["Ipv6CidrBlockAssociationSet"][0]["Ipv6CidrBlock"].replace("00::/56", "01::/64")
    subnet = ec2.create_subnet(
        VpcId=vpc_id,
        CidrBlock="10.0.1.0/24",
        Ipv6CidrBlock=block,
        TagSpecifications=tag("subnet"),
    )["Subnet"]
    group = ec2.create_security_group(
        GroupName="model", Description="of the model", VpcId=vpc_id,
        TagSpecifications=tag("security-group"),
    )["GroupId"]
    prefixes = ec2.create_managed_prefix_list(
        PrefixListName="offices", AddressFamily="IPv4", MaxEntries=2,
        Entries=[{"Cidr": "203.0.113.0/24"}], TagSpecifications=tag("prefix-list"),
    )["PrefixList"]["PrefixListId"]
    permission = {
        "IpProtocol": "tcp", "FromPort": 443, "ToPort": 444,
        "IpRanges": [{"CidrIp": "10.0.0.0/8", "Description": "offices"}],
        "Ipv6Ranges": [{"CidrIpv6": "2001:db8::/32"}],
        "PrefixListIds": [{"PrefixListId": prefixes}],
        "UserIdGroupPairs": [{"GroupId": group}],
    }
    for call in (ec2.authorize_security_group_ingress, ec2.authorize_security_group_egress):
        call(GroupId=group, IpPermissions=[permission],
             TagSpecifications=tag("security-group-rule"))
    ec2.create_vpc_endpoint(
        VpcEndpointType="Interface", VpcId=vpc_id, SubnetIds=[subnet["SubnetId"]],
        ServiceName="com.amazonaws.us-east-1.sagemaker.api", SecurityGroupIds=[group],
        IpAddressType="dualstack", PrivateDnsEnabled=True, TagSpecifications=tag("vpc-endpoint"),
    )
    ec2.create_vpc_endpoint(
        VpcEndpointType="Gateway", VpcId=vpc_id, ServiceName="com.amazonaws.us-east-1.s3"
    )
    other = ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    ec2.associate_security_group_vpc(GroupId=group, VpcId=other)


def unmake_world():
    """The other calls, for the elements of their answers."""
    endpoints = ec2.describe_vpc_endpoints()["VpcEndpoints"]
    groups = ec2.describe_security_groups(Filters=[{"Name": "group-name", "Values": ["model"]}])
    group = groups["SecurityGroups"][0]
    rules = ec2.describe_security_group_rules(
        Filters=[{"Name": "group-id", "Values": [group["GroupId"]]}]
    )["SecurityGroupRules"]
    ec2.describe_vpc_attribute(VpcId=group["VpcId"], Attribute="enableDnsSupport")
    ec2.associate_vpc_cidr_block(VpcId=group["VpcId"], CidrBlock="10.2.0.0/16")
    one = {"GroupId": group["GroupId"], "SecurityGroupRuleIds": [rules[0]["SecurityGroupRuleId"]]}
    revoke = "egress" if rules[0]["IsEgress"] else "ingress"
    getattr(ec2, f"revoke_security_group_{revoke}")(**one)
    changed = next(rule for rule in rules[1:] if "CidrIpv4" in rule and not rule["IsEgress"])
    ec2.modify_security_group_rules(GroupId=group["GroupId"], SecurityGroupRules=[{
        "SecurityGroupRuleId": changed["SecurityGroupRuleId"],
        "SecurityGroupRule": {"IpProtocol": "tcp", "FromPort": 1, "ToPort": 2,
                              "CidrIpv4": "10.9.0.0/16"},
    }])
    ec2.update_security_group_rule_descriptions_ingress(
        GroupId=group["GroupId"],
        SecurityGroupRuleDescriptions=[
            {"SecurityGroupRuleId": changed["SecurityGroupRuleId"], "Description": "new"}
        ],
    )
    default = ec2.describe_security_groups(GroupNames=["default"])["SecurityGroups"][0]
    ec2.revoke_security_group_ingress(GroupId=default["GroupId"], IpPermissions=[
        {"IpProtocol": "tcp", "FromPort": 7, "ToPort": 7, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}
    ])
    ids = [endpoint["VpcEndpointId"] for endpoint in endpoints]
    ec2.delete_tags(Resources=ids, Tags=[{"Key": "team"}])
    ec2.delete_vpc_endpoints(VpcEndpointIds=[*ids, "vpce-0123456789abcdef0"])


RULE_PATHS = {
    "cidr": "IpRanges.CidrIp",
    "ipv6-cidr": "Ipv6Ranges.CidrIpv6",
    "prefix-list-id": "PrefixListIds.PrefixListId",
    "group-id": "UserIdGroupPairs.GroupId",
    "user-id": "UserIdGroupPairs.UserId",
    "protocol": "IpProtocol",
    "from-port": "FromPort",
    "to-port": "ToPort",
}
PATHS = {
    "describe_network_interfaces": {
        **{f"addresses.{name}": f"PrivateIpAddresses.{path}" for name, path in {
            "primary": "Primary",
            "private-ip-address": "PrivateIpAddress",
            "association.owner-id": "Association.IpOwnerId",
            "association.public-ip": "Association.PublicIp",
        }.items()},
        "group-id": "Groups.GroupId",
        "tag-key": "TagSet.Key",
    },
    "describe_security_groups": {
        **{f"ip-permission.{name}": f"IpPermissions.{path}" for name, path in RULE_PATHS.items()},
        **{f"egress.ip-permission.{name}": f"IpPermissionsEgress.{path}"
           for name, path in RULE_PATHS.items()},
    },
    "describe_subnets": {
        "ipv6-cidr-block-association.ipv6-cidr-block": "Ipv6CidrBlockAssociationSet.Ipv6CidrBlock",
        "ipv6-cidr-block-association.association-id": "Ipv6CidrBlockAssociationSet.AssociationId",
        "ipv6-cidr-block-association.state": "Ipv6CidrBlockAssociationSet.Ipv6CidrBlockState.State",
    },
    "describe_vpcs": {
        "cidr": "CidrBlock",
        "cidr-block-association.cidr-block": "CidrBlockAssociationSet.CidrBlock",
        "cidr-block-association.association-id": "CidrBlockAssociationSet.AssociationId",
        "cidr-block-association.state": "CidrBlockAssociationSet.CidrBlockState.State",
        "ipv6-cidr-block-association.ipv6-cidr-block": "Ipv6CidrBlockAssociationSet.Ipv6CidrBlock",
        "ipv6-cidr-block-association.ipv6-pool": "Ipv6CidrBlockAssociationSet.Ipv6Pool",
        "ipv6-cidr-block-association.association-id": "Ipv6CidrBlockAssociationSet.AssociationId",
        "ipv6-cidr-block-association.state": "Ipv6CidrBlockAssociationSet.Ipv6CidrBlockState.State",
    },
    "describe_availability_zones": {"message": "Messages.Message"},
    "describe_vpc_endpoints": {"vpc-endpoint-state": "State"},
    "describe_vpc_endpoint_services": {"service-type": "ServiceType.ServiceType"},
}
READS = {
    "describe_network_interfaces": "NetworkInterfaces",
    "describe_security_groups": "SecurityGroups",
    "describe_security_group_rules": "SecurityGroupRules",
    "describe_security_group_vpc_associations": "SecurityGroupVpcAssociations",
    "describe_subnets": "Subnets",
    "describe_vpcs": "Vpcs",
    "describe_availability_zones": "AvailabilityZones",
    "describe_regions": "Regions",
    "describe_vpc_endpoints": "VpcEndpoints",
    "describe_vpc_endpoint_services": "ServiceDetails",
    "describe_managed_prefix_lists": "PrefixLists",
    "describe_tags": "Tags",
}


def path_of(call, name):
    default = ".".join("".join(word.capitalize() for word in part.split("-"))
                       for part in name.split("."))
    default = default.replace("Dns64", "Dns64").replace("DnsAaaaRecord", "DnsAAAARecord")
    return PATHS.get(call, {}).get(name, "Tags.Key" if name == "tag-key" else default)


def values_at(row, path):
    found = [row]
    for step in path.split("."):
        found = [item.get(step) for item in found if isinstance(item, dict)]
        found = [one for item in found for one in (item if isinstance(item, list) else [item])]
    return {str(v).lower() if isinstance(v, bool) else str(v) for v in found if v is not None}


def check_filter(call, name, rows):
    values = [values_at(row, path_of(call, name)) for row in rows]
    present = sorted(set().union(*values)) if values else []
    find = lambda wanted: getattr(ec2, call)(Filters=[{"Name": name, "Values": wanted}])[READS[call]]
    if find(["no-such-value"]):
        return "finds what is not there"
    if not present:
        report["silent"].add(f"{call} {name}")
        return None
    value = present[0]
    expected = [row for row, own in zip(rows, values) if value in own]
    escaped = re.sub(r"([\\*?])", r"\\\1", value)
    return None if find([escaped]) == expected else f"does not find {value}"


make_world()
for call, key in READS.items():
    operation = model.operation_model(ec2.meta.method_to_api_mapping[call])
    rows = getattr(ec2, call)()[key]
    for member in operation.output_shape.members[key].member.members:
        if not any(member in row for row in rows):
            report["absent"].add(f"{key}.{member}")
    documentation = operation.input_shape.members["Filters"].documentation
    for name in re.findall(r"<li>\s*<p>\s*<code>([\w.-]+)</code>", documentation):
        if name == "tag":
            continue
        try:
            problem = check_filter(call, name, rows)
        except ClientError as error:
            problem = error.response["Error"]["Code"]
        if problem:
            report["filters"][f"{call} {name}"] = problem
unmake_world()
json.dump({k: sorted(v) if isinstance(v, set) else v for k, v in report.items()}, sys.stdout)
