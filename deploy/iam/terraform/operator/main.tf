# The role of the SageMaker PrivateLink operator of one cluster, from the documents in deploy/iam.
#
#   module "sagemaker_privatelink_operator" {
#     source       = "git::https://git.example.com/platform/sagemaker-privatelink-operator.git//deploy/iam/terraform/operator?ref=v0.1.0"
#     cluster_name = "prod"
#     cluster_id   = "2f4f0f9e-6a4b-4c3a-9d0f-0d6e3b1a7c55"
#     region       = "eu-west-1"
#     vpc_id       = "vpc-0a1b2c3d4e5f67890"
#   }

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
    CLUSTER_NAME        = var.cluster_name
    OIDC_PROVIDER       = var.oidc_provider
    OPERATOR_ROLE       = var.role_name
    VPC_ID              = var.vpc_id
    NOTEBOOK_PRINCIPALS = var.notebook_principals
    NOTEBOOK_POLICIES   = var.notebook_policies
    DRIFT_EVENTS_QUEUE  = var.drift_events_queue
    TARGET_ACCOUNT_ID   = var.target_account_id
    TARGET_ROLE         = var.target_role
  }
  trust = var.oidc_provider == "" ? "trust-policy-pod-identity.json" : "trust-policy-irsa.json"
  policies = merge(
    { operator = "operator-policy.json" },
    var.vpc_id == "" ? {} : { private-dns = "operator-private-dns-policy.json" },
    var.notebook_principals == "" ? {} : { notebook-access = "operator-notebook-access-policy.json" },
    var.adoption ? { adoption = "operator-adoption-policy.json" } : {},
    var.drift_events_queue == "" ? {} : { drift-events = "operator-drift-events-policy.json" },
    var.target_account_id == "" ? {} : { assume-role = "operator-assume-role-policy.json" },
  )
}

resource "aws_iam_role" "operator" {
  name               = var.role_name
  assume_role_policy = templatefile("${local.documents}/${local.trust}", local.values)
}

resource "aws_iam_policy" "operator" {
  for_each = local.policies
  name     = "${var.role_name}-${each.key}"
  policy   = templatefile("${local.documents}/${each.value}", local.values)
}

resource "aws_iam_role_policy_attachment" "operator" {
  for_each   = local.policies
  role       = aws_iam_role.operator.name
  policy_arn = aws_iam_policy.operator[each.key].arn
}

# With IRSA the service account carries the annotation eks.amazonaws.com/role-arn instead.
resource "aws_eks_pod_identity_association" "operator" {
  for_each        = var.oidc_provider == "" ? { operator = var.cluster_name } : {}
  cluster_name    = each.value
  namespace       = "sagemaker-privatelink-system"
  service_account = "sagemaker-privatelink-operator"
  role_arn        = aws_iam_role.operator.arn
}
