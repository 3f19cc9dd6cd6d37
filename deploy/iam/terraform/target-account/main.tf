# The role of the SageMaker PrivateLink operator in another account that links are in, from the documents in
# deploy/iam. Give it a provider of that account.

terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.30"
    }
  }
}

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}

locals {
  documents = "${path.module}/../.."
  values = {
    PARTITION           = data.aws_partition.current.partition
    ACCOUNT_ID          = data.aws_caller_identity.current.account_id
    REGION              = var.region
    SERVICE_PREFIX      = var.service_prefix
    CLUSTER_ID          = var.cluster_id
    ACCOUNT_NAME        = var.account_name
    VPC_ID              = var.vpc_id
    NOTEBOOK_PRINCIPALS = var.notebook_principals
    NOTEBOOK_POLICIES   = var.notebook_policies
    # The Deny of the notebook policies names the role that they are attached to.
    OPERATOR_ROLE = var.role_name
  }
  # The trust is about the operator's own account and role.
  trusted = merge(local.values, { ACCOUNT_ID = var.operator_account_id, OPERATOR_ROLE = var.operator_role })
  policies = merge(
    { operator = "operator-policy.json" },
    var.vpc_id == "" ? {} : { private-dns = "operator-private-dns-policy.json" },
    var.notebook_principals == "" ? {} : { notebook-access = "operator-notebook-access-policy.json" },
  )
}

resource "aws_iam_role" "links" {
  name               = var.role_name
  assume_role_policy = templatefile("${local.documents}/trust-policy-target-account.json", local.trusted)
}

resource "aws_iam_policy" "links" {
  for_each = local.policies
  name     = "${var.role_name}-${each.key}"
  policy   = templatefile("${local.documents}/${each.value}", local.values)
}

resource "aws_iam_role_policy_attachment" "links" {
  for_each   = local.policies
  role       = aws_iam_role.links.name
  policy_arn = aws_iam_policy.links[each.key].arn
}
