# A queue with events about changes at AWS, for --drift-events-queue of the SageMaker PrivateLink operator.
# One for each region that links are in, and for notebook policies one where IAM's events are (us-east-1).
#
#   module "sagemaker_privatelink_drift_events" {
#     source = "git::https://git.example.com/platform/sagemaker-privatelink-operator.git//deploy/iam/terraform/drift-events?ref=v0.1.0"
#     region = "eu-west-1"
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
}

resource "aws_sqs_queue" "dead_letters" {
  name                      = "${var.queue_name}-dead-letters"
  sqs_managed_sse_enabled   = true
  message_retention_seconds = 1209600
}

# A hint of an hour ago is no news: the sweep has been there.
resource "aws_sqs_queue" "drift_events" {
  name                       = var.queue_name
  sqs_managed_sse_enabled    = true
  message_retention_seconds  = 3600
  visibility_timeout_seconds = 30
  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead_letters.arn
    maxReceiveCount     = 5
  })
}

resource "aws_sqs_queue_policy" "drift_events" {
  queue_url = aws_sqs_queue.drift_events.id
  policy = templatefile("${local.documents}/drift-events-queue-policy.json", {
    PARTITION          = data.aws_partition.current.partition
    REGION             = var.region
    ACCOUNT_ID         = data.aws_caller_identity.current.account_id
    DRIFT_EVENTS_QUEUE = var.queue_name
  })
}

resource "aws_cloudwatch_event_rule" "drift_events" {
  name          = var.queue_name
  description   = "Calls that can make drift of SageMakerPrivateLinks"
  event_pattern = templatefile("${local.documents}/drift-events/pattern.json", {})
}

resource "aws_cloudwatch_event_target" "drift_events" {
  rule       = aws_cloudwatch_event_rule.drift_events.name
  target_id  = "queue"
  arn        = aws_sqs_queue.drift_events.arn
  depends_on = [aws_sqs_queue_policy.drift_events]
}
