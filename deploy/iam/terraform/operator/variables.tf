variable "cluster_id" {
  description = "The operator's id in ownership tags: the UID of the namespace kube-system, or --cluster-id."
  type        = string
  validation {
    condition     = var.cluster_id != ""
    error_message = "cluster_id is the owner of everything at AWS and must not be empty."
  }
}

variable "cluster_name" {
  description = "The name of the EKS cluster."
  type        = string
}

variable "region" {
  description = "Where the links are; * for all regions."
  type        = string
}

variable "service_prefix" {
  description = "The beginning of the names of endpoint services: cn.com.amazonaws in China."
  type        = string
  default     = "com.amazonaws"
  validation {
    condition     = contains(["com.amazonaws", "cn.com.amazonaws"], var.service_prefix)
    error_message = "service_prefix is com.amazonaws or cn.com.amazonaws."
  }
}

variable "role_name" {
  description = "The name of the role."
  type        = string
  default     = "sagemaker-privatelink-operator"
}

variable "oidc_provider" {
  description = "For IRSA: the issuer of the cluster without https://. Empty: EKS Pod Identity."
  type        = string
  default     = ""
}

variable "vpc_id" {
  description = "For private DNS, which is the default of links: the VPC. Empty: without."
  type        = string
  default     = ""
}

variable "notebook_principals" {
  description = "For spec.notebookAccess: a name or pattern of the principals that policies may be attached to. Empty: none."
  type        = string
  default     = ""
}

variable "notebook_policies" {
  description = "Names of this cluster's notebook policies."
  type        = string
  default     = "*"
}

variable "adoption" {
  description = "For links with adoption: IfUnowned. Turn it off after the migration."
  type        = bool
  default     = false
}

variable "drift_events_queue" {
  description = "For --drift-events-queue: the name of the queue. Empty: drift is found by the sweep alone."
  type        = string
  default     = ""
}

variable "target_account_id" {
  description = "Another account that links are in. Empty: none."
  type        = string
  default     = ""
}

variable "target_role" {
  description = "The role there."
  type        = string
  default     = "sagemaker-privatelink-links"
}
