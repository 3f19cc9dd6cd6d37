variable "region" {
  description = "The region of the queue, which is that of the provider."
  type        = string
}

variable "queue_name" {
  description = "The name of the queue, and of the rule that fills it."
  type        = string
  default     = "sagemaker-privatelink-drift-events"
}
