"""Runs ministack so that its IAM enforcement asks about a request of IAM what AWS asks.

ministack 1.5.33 evaluates policies, but what it reads from some requests is not what AWS's service
authorization reference lists for IAM. These five things are put right here, and nothing else: who
asks, which policies count and what they say about the request stays ministack's business.

* CreatePolicy is about the policy that is to be made, not about "*".
* AttachGroupPolicy and DetachGroupPolicy are about the group, not about the policy.
* A principal's ARN has its path.
* The condition keys: iam:PolicyARN of attachments, and aws:ResourceTag of policies.
* CreatePolicy with tags needs iam:TagPolicy too.

SetDefaultPolicyVersion, which ministack does not have, is added; permission for it is asked before.
"""

from contextvars import ContextVar

from ministack import app
from ministack.core import iam_actions, iam_evaluator
from ministack.services import iam, tagging

read_resource = iam_actions.extract_resource_arn
read_tags = iam_actions.request_tag_context
refusal = iam_actions.access_denied_response
decide = iam_evaluator.enforce
tags_of_principals = tagging._RESOURCE_TAG_COLLECTORS["iam"]

attachments = {
    f"{verb}{kind}Policy" for verb in ("Attach", "Detach") for kind in ("Group", "Role", "User")
}
principals = {
    "GroupName": ("group", iam._groups),
    "RoleName": ("role", iam._roles),
    "UserName": ("user", iam._users),
}
denied_action = ContextVar("denied_action", default=None)


def resource_of(service, method, path, headers, body, params, region, account):
    if service != "iam":
        return read_resource(service, method, path, headers, body, params, region, account)

    def given(name):
        return iam_actions._query_param(params, name)

    if given("Action") == "CreatePolicy":
        return f"arn:aws:iam::{account}:policy{given('Path') or '/'}{given('PolicyName')}"
    for parameter, (kind, records) in principals.items():
        if name := given(parameter):
            record = records.get_scoped(account, None, name) or {}
            return record.get("Arn") or f"arn:aws:iam::{account}:{kind}/{name}"
    return read_resource(service, method, path, headers, body, params, region, account)


def context_of(service, action, body, params):
    context = read_tags(service, action, body, params)
    if action.removeprefix("iam:") in attachments:
        context["iam:PolicyARN"] = iam_actions._query_param(params, "PolicyArn")
    return context


def tags_of_resources():
    yield from tags_of_principals()
    for arn, policy in iam._policies.items():
        yield arn, policy.get("Tags") or []


def decide_all(access_key, action, service, region, resource_arn="*", service_context=None):
    denied_action.set(None)
    denied = decide(access_key, action, service, region, resource_arn, service_context)
    if denied or action != "iam:CreatePolicy" or "aws:TagKeys" not in (service_context or {}):
        return denied
    denied = decide(access_key, "iam:TagPolicy", service, region, resource_arn, service_context)
    denied_action.set("iam:TagPolicy")
    return denied


def refusal_of(service, action, *positional, **named):
    return refusal(service, denied_action.get() or action, *positional, **named)


def set_default_policy_version(params):
    arn, version = iam._p(params, "PolicyArn"), iam._p(params, "VersionId")
    versions = (iam._policies.get(arn) or {}).get("Versions", {})
    if version not in versions:
        return iam._error(404, "NoSuchEntity", f"{arn} has no version {version}.", ns="iam")
    iam._policies[arn]["DefaultVersionId"] = version
    for each in versions.values():
        each["IsDefaultVersion"] = each["VersionId"] == version
    return iam._xml(200, "SetDefaultPolicyVersionResponse", "", ns="iam")


iam._IAM_HANDLERS["SetDefaultPolicyVersion"] = set_default_policy_version
iam_actions.extract_resource_arn = resource_of
iam_actions.request_tag_context = context_of
iam_actions.access_denied_response = refusal_of
iam_evaluator.enforce = decide_all
tagging._RESOURCE_TAG_COLLECTORS["iam"] = tags_of_resources

app.main()
