"""Writes src/simulator/protocol/generated/: what AWS's own models say about requests.

The models are those of botocore, in the version that test/environment/requirements.txt pins. A test
of the simulator runs this with --check, which writes nothing and exits 1 when a file is out of date.
"""

import json
import pathlib
import re
import sys

import botocore.session

ROOT = pathlib.Path(__file__).resolve().parent.parent
FOLDER = ROOT / "src" / "simulator" / "protocol" / "generated"

PRINCIPALS = ("Group", "Role", "User")

# Actions whose parameters the simulator holds against the model.
ACTIONS = {
    "ec2": [
        "AcceptVpcPeeringConnection",
        "AssociateSecurityGroupVpc",
        "AssociateVpcCidrBlock",
        "AuthorizeSecurityGroupEgress",
        "AuthorizeSecurityGroupIngress",
        "CreateManagedPrefixList",
        "CreateSecurityGroup",
        "CreateSubnet",
        "CreateTags",
        "CreateVpc",
        "CreateVpcEndpoint",
        "CreateVpcPeeringConnection",
        "DeleteSecurityGroup",
        "DeleteSubnet",
        "DeleteTags",
        "DeleteVpc",
        "DeleteVpcEndpoints",
        "DeleteVpcPeeringConnection",
        "DescribeAvailabilityZones",
        "DescribeManagedPrefixLists",
        "DescribeNetworkInterfaces",
        "DescribeRegions",
        "DescribeSecurityGroupRules",
        "DescribeSecurityGroupVpcAssociations",
        "DescribeSecurityGroups",
        "DescribeSubnets",
        "DescribeTags",
        "DescribeVpcAttribute",
        "DescribeVpcEndpointServices",
        "DescribeVpcEndpoints",
        "DescribeVpcPeeringConnections",
        "DescribeVpcs",
        "DisassociateSecurityGroupVpc",
        "GetManagedPrefixListEntries",
        "ModifySecurityGroupRules",
        "ModifyVpcAttribute",
        "ModifyVpcEndpoint",
        "RevokeSecurityGroupEgress",
        "RevokeSecurityGroupIngress",
        "UpdateSecurityGroupRuleDescriptionsEgress",
        "UpdateSecurityGroupRuleDescriptionsIngress",
    ],
    "iam": [
        "AddRoleToInstanceProfile",
        "AddUserToGroup",
        *[f"{verb}{kind}Policy" for verb in ("Attach", "Detach") for kind in PRINCIPALS],
        "CreateAccessKey",
        *[f"Create{kind}" for kind in PRINCIPALS],
        "CreateInstanceProfile",
        "CreatePolicy",
        "CreatePolicyVersion",
        *[f"Delete{kind}" for kind in PRINCIPALS],
        *[f"Delete{kind}Policy" for kind in PRINCIPALS],
        "DeleteInstanceProfile",
        "DeletePolicy",
        "DeletePolicyVersion",
        "DeleteRolePermissionsBoundary",
        "DeleteUserPermissionsBoundary",
        "GetAccountAuthorizationDetails",
        *[f"Get{kind}" for kind in PRINCIPALS],
        *[f"Get{kind}Policy" for kind in PRINCIPALS],
        "GetInstanceProfile",
        "GetPolicy",
        "GetPolicyVersion",
        *[f"ListAttached{kind}Policies" for kind in PRINCIPALS],
        "ListEntitiesForPolicy",
        "ListGroupsForUser",
        "ListInstanceProfiles",
        "ListInstanceProfilesForRole",
        "ListPolicies",
        "ListPolicyTags",
        "ListPolicyVersions",
        *[f"List{kind}Policies" for kind in PRINCIPALS],
        "ListRoleTags",
        "ListUserTags",
        *[f"List{kind}s" for kind in PRINCIPALS],
        *[f"Put{kind}Policy" for kind in PRINCIPALS],
        "PutRolePermissionsBoundary",
        "PutUserPermissionsBoundary",
        "RemoveRoleFromInstanceProfile",
        "RemoveUserFromGroup",
        "SetDefaultPolicyVersion",
        "SimulatePrincipalPolicy",
        *[f"{verb}{kind}" for verb in ("Tag", "Untag") for kind in ("Policy", "Role", "User")],
        "UpdateAssumeRolePolicy",
        "UpdateRole",
        "UpdateRoleDescription",
    ],
    "sts": ["AssumeRole", "AssumeRoleWithWebIdentity", "GetCallerIdentity"],
    "sagemaker": ["ListNotebookInstances"],
}

# Services that sign as sagemaker and have a path for each action, where SageMaker itself has one
# path and names the action in a header.
SAGEMAKER_REST = [
    "sagemaker-runtime",
    "sagemaker-featurestore-runtime",
    "sagemaker-metrics",
    "sagemaker-edge",
    "sagemaker-a2i-runtime",
]

TYPES = {"string", "integer", "long", "boolean", "timestamp", "blob", "double", "float"}


def wire_name(service, name, shape):
    """The name of a structure's member in a request (botocore/serialize.py)."""
    serialization = shape.serialization
    if service == "ec2":
        if "queryName" in serialization:
            return serialization["queryName"]
        location = serialization.get("name")
        return location[0].upper() + location[1:] if location else name
    return serialization.get("name", name)


def tree(service, shape):
    """A shape as nested parameters: a type, `{list}` or `{members, required}`.

    EC2's own errors say what is wrong with a value, so only the others have the bounds of values.
    """
    if shape is None:
        return {"members": {}}
    if shape.type_name == "structure":
        members = {
            wire_name(service, name, member): tree(service, member)
            for name, member in shape.members.items()
        }
        required = [wire_name(service, name, shape.members[name]) for name in shape.required_members]
        return {"members": members, **({"required": required} if required else {})}
    if shape.type_name == "list":
        bounds = bounds_of(service, shape)
        wrapper = {} if service == "ec2" or shape.serialization.get("flattened") else WRAPPER
        return {"list": tree(service, shape.member), **wrapper, **bounds}
    if shape.type_name not in TYPES:
        raise SystemExit(f"the shape {shape.name} of {service} is a {shape.type_name}")
    bounds = bounds_of(service, shape)
    return {"type": shape.type_name, **bounds} if bounds else shape.type_name


# What stands between the name of a list and the numbers of its elements.
WRAPPER = {"wrapper": "member"}


def bounds_of(service, shape):
    if service == "ec2":
        return {}
    bounds = {name: shape.metadata[name] for name in ("min", "max", "enum") if name in shape.metadata}
    pattern = shape.metadata.get("pattern")
    return {**bounds, **({"pattern": pattern} if pattern else {})}


def render(service):
    model = botocore.session.get_session().get_service_model(service)
    actions = [
        f"    {name}: {compact(tree(service, model.operation_model(name).input_shape))},"
        for name in ACTIONS[service]
    ]
    others = sorted(set(model.operation_names) - set(ACTIONS[service]))
    lines = [
        f"// Generated from botocore {botocore.__version__} by scripts/aws-models.py. Do not edit.",
        "import type { ServiceModel } from '../service-model.ts';",
        "",
        "/** Parameters of the actions that are simulated, and the names of all others. */",
        f"export const {service.replace('sagemaker', 'sageMaker')}Model: ServiceModel = {{",
        f"  versions: {compact(versions_of(service))},",
        "  actions: {",
        *actions,
        "  },",
        "  filters: {",
        *[
            f"    {name}: {compact(names)},"
            for name in ACTIONS[service]
            if service == "ec2" and (names := documented_filters(model.operation_model(name).input_shape))
        ],
        "  },",
        f"  otherActions: {compact(others)},",
        "};",
    ]
    return "\n".join(lines) + "\n"


def documented_filters(shape):
    """The names in the documentation of the parameter; `tag` stands for `tag:<key>`."""
    filters = shape.members.get("Filters") if shape else None
    if filters is None:
        return []
    return re.findall(r"<li>\s*<p>\s*<code>([\w.-]+)</code>", filters.documentation)


def versions_of(service):
    """All versions of the API that AWS has published models of, the newest last."""
    loader = botocore.session.get_session().get_component("data_loader")
    return sorted(loader.list_api_versions(service, "service-2"))


def render_rest_operations():
    """The actions of the services of SageMaker that have a path for each action."""
    lines = [
        f"// Generated from botocore {botocore.__version__} by scripts/aws-models.py. Do not edit.",
        "import type { RestOperation } from '../rest-operation.ts';",
        "",
        "/** Actions of the services of SageMaker whose requests name them by method and path. */",
        "export const sageMakerRestOperations: readonly RestOperation[] = [",
    ]
    for service in SAGEMAKER_REST:
        model = botocore.session.get_session().get_service_model(service)
        for name in model.operation_names:
            operation = model.operation_model(name)
            members = operation.input_shape.members
            http = operation.http
            rest = {
                "service": service,
                "action": name,
                "method": http["method"],
                "path": http["requestUri"],
                "headers": {
                    shape.serialization["name"]: member
                    for member, shape in members.items()
                    if shape.serialization.get("location") == "header"
                },
                "parameters": {
                    "members": {
                        member: tree(service, shape)
                        for member, shape in members.items()
                        if shape.serialization.get("location") in ("uri", "header")
                    }
                },
            }
            lines.append(f"  {compact(rest)},")
    return "\n".join([*lines, "];"]) + "\n"


# Services of SageMaker by the names that botocore has for their hosts.
SAGEMAKER_HOSTS = {
    "api": "api.sagemaker",
    "runtime": "runtime.sagemaker",
    "metrics": "metrics.sagemaker",
    "geospatial": "sagemaker-geospatial",
}


def render_partitions():
    """Partitions with their regions, and the regions of each service of SageMaker."""
    loader = botocore.session.get_session().get_component("data_loader")
    hosts = {p["partition"]: p["services"] for p in loader.load_data("endpoints")["partitions"]}
    lines = [
        f"// Generated from botocore {botocore.__version__} by scripts/aws-models.py. Do not edit.",
        "import type { PartitionModel } from '../../partition-model.ts';",
        "",
        "/** Partitions of AWS, their regions, and where SageMaker has an endpoint, and one with FIPS. */",
        "export const partitionModels: readonly PartitionModel[] = [",
    ]
    for partition in loader.load_data("partitions")["partitions"]:
        services = hosts.get(partition["id"], {})
        outputs = partition["outputs"]
        # Pseudo-regions such as aws-global have no zones.
        regions = [name for name in partition["regions"] if not name.endswith("-global")]
        model = {
            "id": partition["id"],
            "regionPattern": partition["regionRegex"],
            "dnsSuffix": outputs["dnsSuffix"],
            "dualStackDnsSuffix": outputs["dualStackDnsSuffix"],
            "regions": regions,
            "sageMaker": {
                part: regions_of(services.get(host, {}).get("endpoints", {}), regions)
                for part, host in SAGEMAKER_HOSTS.items()
            },
        }
        lines.append(f"  {compact(model)},")
    return "\n".join([*lines, "];"]) + "\n"


def regions_of(endpoints, regions):
    def has_fips(endpoint):
        return any(variant["tags"] == ["fips"] for variant in endpoint.get("variants", []))

    there = [name for name in regions if name in endpoints]
    return {"regions": there, "fips": [name for name in there if has_fips(endpoints[name])]}


def compact(value):
    return json.dumps(value, separators=(",", ":"))


def main():
    stale = False
    rendered = {f"{service}-model.ts": render(service) for service in ACTIONS}
    rendered["sagemaker-rest-operations.ts"] = render_rest_operations()
    rendered["partition-models.ts"] = render_partitions()
    for name, wanted in rendered.items():
        file = FOLDER / name
        if "--check" not in sys.argv:
            FOLDER.mkdir(parents=True, exist_ok=True)
            file.write_text(wanted)
        elif not file.exists() or file.read_text() != wanted:
            print(f"{file.relative_to(ROOT)} is out of date: run scripts/aws-models.py")
            stale = True
    sys.exit(1 if stale else 0)


main()
