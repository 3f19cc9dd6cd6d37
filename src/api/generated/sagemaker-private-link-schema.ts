// Generated from crds/sagemakerprivatelinks.yaml by scripts/generate-types.mjs. Do not edit.
import type { StructuralSchema } from '../validation/structural-schema.ts';

/** The schema of the kind, without descriptions, as the API server enforces it. */
export const schema: StructuralSchema = {
  type: 'object',
  required: ['spec'],
  'x-kubernetes-validations': [
    {
      rule: 'self.metadata.name.size() <= 63',
      message:
        'metadata.name must be at most 63 characters, because names of security groups and IAM policies are made from it',
    },
  ],
  properties: {
    apiVersion: { type: 'string' },
    kind: { type: 'string' },
    metadata: { type: 'object' },
    spec: {
      type: 'object',
      required: ['region', 'vpc', 'subnets', 'endpoints'],
      'x-kubernetes-validations': [
        {
          rule: 'has(self.account) == has(oldSelf.account) && (has(self.account) ? self.account == oldSelf.account : true)',
          message:
            'is immutable, also from absent to present and back: create another SageMakerPrivateLink for another account',
          reason: 'FieldValueForbidden',
          fieldPath: '.account',
        },
        {
          rule: 'has(self.verify) ? has(self.clients) : true',
          message: 'needs clients beside it: pods verify from namespaces that clients selects',
          fieldPath: '.verify',
        },
        {
          rule: "has(self.dnsRecordIPType) && self.ipAddressType != 'dualstack' ? self.dnsRecordIPType == self.ipAddressType : true",
          message:
            'must equal ipAddressType, unless that is dualstack: an endpoint has no addresses for other DNS records',
          fieldPath: '.dnsRecordIPType',
        },
        {
          rule: 'self.endpoints.all(e, has(e.addresses) ? e.addresses.all(id, has(self.subnets.ids) && self.subnets.ids.exists(s, s == id)) : true)',
          message: 'addresses may be fixed only for subnets that are listed in spec.subnets.ids',
          fieldPath: '.endpoints',
        },
        {
          rule: "self.endpoints.all(e, has(e.addresses) ? e.addresses.all(id, [e.addresses[id]].all(fixed, (has(fixed.ipv4) ? self.ipAddressType != 'ipv6' : true) && (has(fixed.ipv6) ? self.ipAddressType != 'ipv4' : true))) : true)",
          message:
            'a fixed address must be of a family that spec.ipAddressType has: ipv4 for ipv4, ipv6 for ipv6, either or both for dualstack',
          fieldPath: '.endpoints',
        },
        {
          rule: "self.endpoints.all(e, has(e.serviceName) ? !self.endpoints.exists(s, has(s.service) && (e.serviceName.endsWith('.' + self.region + '.sagemaker.' + s.service) || e.serviceName.endsWith('.' + self.region + '.sagemaker-' + s.service) || e.serviceName == 'aws.sagemaker.' + self.region + '.' + s.service)) : true)",
          message:
            'a serviceName must not be the long form of a service that is listed as well: each service may have one endpoint',
          fieldPath: '.endpoints',
        },
        {
          rule: "self.endpoints.all(e, has(e.serviceName) ? e.serviceName.split('.').exists(l, l == self.region) || !e.serviceName.split('.').exists(l, l.matches('^[a-z]{2,4}(-[a-z]+)+-[0-9]$')) : true)",
          message:
            "a serviceName must be of spec.region: endpoints to another region's SageMaker are not offered by AWS",
          fieldPath: '.endpoints',
        },
        {
          rule: "has(self.notebookAccess) ? (has(self.notebookAccess.allowedCIDRs) && self.notebookAccess.allowedCIDRs.size() > 0) || (has(self.notebookAccess.additionalEndpointIds) && self.notebookAccess.additionalEndpointIds.size() > 0) || (self.notebookAccess.allowEndpoints && self.endpoints.exists(e, has(e.service) ? e.service in ['api', 'api-fips', 'notebook', 'studio', 'experiments', 'mlflow', 'partner-app'] : has(e.serviceName) && e.serviceName.contains('sagemaker'))) : true",
          message:
            'nothing would be allowed, so everybody would be locked out: give allowedCIDRs or additionalEndpointIds, or allowEndpoints with an api or notebook endpoint in spec.endpoints',
          fieldPath: '.notebookAccess',
        },
      ],
      properties: {
        region: {
          type: 'string',
          maxLength: 32,
          'x-kubernetes-validations': [
            {
              rule: "self.matches('^[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}$')",
              message: 'must be the name of an AWS region, such as eu-west-1',
            },
            {
              rule: 'self == oldSelf',
              message: 'is immutable: create another SageMakerPrivateLink for another region',
              reason: 'FieldValueForbidden',
            },
          ],
        },
        account: {
          type: 'string',
          maxLength: 63,
          'x-kubernetes-validations': [
            {
              rule: "self.matches('^[a-z]([-a-z0-9]*[a-z0-9])?$')",
              message:
                "must be a name from the administrator's account map (lower-case letters, digits and '-', beginning with a letter), never an ARN or an account number",
            },
          ],
        },
        vpc: {
          type: 'object',
          'x-kubernetes-validations': [
            {
              rule: 'has(self.id) != has(self.tags)',
              message: 'exactly one of id and tags must be given',
            },
            {
              rule: 'self == oldSelf',
              message: 'is immutable: create another SageMakerPrivateLink for another VPC',
              reason: 'FieldValueForbidden',
            },
          ],
          properties: {
            id: {
              type: 'string',
              maxLength: 32,
              'x-kubernetes-validations': [
                {
                  rule: "self.matches('^vpc-([0-9a-f]{8}|[0-9a-f]{17})$')",
                  message: 'must be the id of a VPC, such as vpc-0a1b2c3d4e5f67890',
                },
              ],
            },
            tags: {
              type: 'object',
              minProperties: 1,
              maxProperties: 10,
              additionalProperties: { type: 'string', maxLength: 256 },
              'x-kubernetes-validations': [
                {
                  rule: 'self.all(k, k.size() >= 1 && k.size() <= 128)',
                  message: 'tag keys must have 1 to 128 characters',
                },
                {
                  rule: "self.all(k, !(self[k].contains('*') || self[k].contains('?')))",
                  message: 'tag values are compared exactly and must not contain * or ?',
                },
              ],
            },
          },
        },
        subnets: {
          type: 'object',
          'x-kubernetes-validations': [
            {
              rule: 'has(self.ids) != has(self.tags)',
              message: 'exactly one of ids and tags must be given',
            },
          ],
          properties: {
            ids: {
              type: 'array',
              'x-kubernetes-list-type': 'set',
              minItems: 1,
              maxItems: 16,
              items: {
                type: 'string',
                maxLength: 32,
                'x-kubernetes-validations': [
                  {
                    rule: "self.matches('^subnet-([0-9a-f]{8}|[0-9a-f]{17})$')",
                    message: 'must be the id of a subnet, such as subnet-0a1b2c3d4e5f67890',
                  },
                ],
              },
            },
            tags: {
              type: 'object',
              minProperties: 1,
              maxProperties: 10,
              additionalProperties: { type: 'string', maxLength: 256 },
              'x-kubernetes-validations': [
                {
                  rule: 'self.all(k, k.size() >= 1 && k.size() <= 128)',
                  message: 'tag keys must have 1 to 128 characters',
                },
                {
                  rule: "self.all(k, !(self[k].contains('*') || self[k].contains('?')))",
                  message: 'tag values are compared exactly and must not contain * or ?',
                },
              ],
            },
            unsupportedZones: { type: 'string', enum: ['Fail', 'Skip'], default: 'Fail' },
          },
        },
        ipAddressType: { type: 'string', enum: ['ipv4', 'ipv6', 'dualstack'], default: 'ipv4' },
        dnsRecordIPType: { type: 'string', enum: ['ipv4', 'ipv6', 'dualstack', 'service-defined'] },
        privateDNSAt: { type: 'string', enum: ['Available', 'Creation'], default: 'Available' },
        endpoints: {
          type: 'array',
          'x-kubernetes-list-type': 'atomic',
          minItems: 1,
          maxItems: 30,
          'x-kubernetes-validations': [
            {
              rule: 'self.all(a, has(a.service) ? self.exists_one(b, has(b.service) && b.service == a.service) : true)',
              message: 'each service may be listed once',
            },
            {
              rule: 'self.all(a, has(a.serviceName) ? self.exists_one(b, has(b.serviceName) && b.serviceName == a.serviceName) : true)',
              message: 'each serviceName may be listed once',
            },
            {
              rule: 'self.all(a, has(a.addresses) ? a.addresses.all(id, self.exists_one(b, has(b.addresses) && id in b.addresses && b.addresses[id] == a.addresses[id])) : true)',
              message: 'a fixed address may be given to one endpoint only',
            },
          ],
          items: {
            type: 'object',
            'x-kubernetes-validations': [
              {
                rule: 'has(self.service) != has(self.serviceName)',
                message: 'exactly one of service and serviceName must be given',
              },
            ],
            properties: {
              service: {
                type: 'string',
                enum: [
                  'api',
                  'api-fips',
                  'runtime',
                  'runtime-fips',
                  'featurestore-runtime',
                  'featurestore-runtime-fips',
                  'metrics',
                  'geospatial',
                  'data-science-assistant',
                  'notebook',
                  'studio',
                  'experiments',
                  'mlflow',
                  'partner-app',
                ],
              },
              serviceName: {
                type: 'string',
                maxLength: 128,
                'x-kubernetes-validations': [
                  {
                    rule: "self.matches('^[a-z0-9-]+([.][a-z0-9-]+)+$')",
                    message:
                      'must be the full name of an endpoint service, such as com.amazonaws.eu-west-1.sagemaker.api',
                  },
                ],
              },
              privateDNS: { type: 'boolean', default: true },
              policy: {
                type: 'object',
                required: ['Statement'],
                properties: {
                  Version: { type: 'string', enum: ['2012-10-17', '2008-10-17'] },
                  Id: { type: 'string', maxLength: 128 },
                  Statement: {
                    type: 'array',
                    minItems: 1,
                    maxItems: 100,
                    items: {
                      type: 'object',
                      required: ['Effect', 'Principal'],
                      properties: {
                        Sid: { type: 'string', maxLength: 128 },
                        Effect: { type: 'string', enum: ['Allow', 'Deny'] },
                        Principal: {
                          'x-kubernetes-preserve-unknown-fields': true,
                          maxLength: 2048,
                          maxItems: 0,
                          maxProperties: 4,
                          additionalProperties: {
                            'x-kubernetes-preserve-unknown-fields': true,
                            maxLength: 2048,
                            maxItems: 100,
                            maxProperties: 0,
                            items: {
                              'x-kubernetes-preserve-unknown-fields': true,
                              maxLength: 2048,
                              maxItems: 0,
                              maxProperties: 0,
                            },
                          },
                        },
                        Action: {
                          'x-kubernetes-preserve-unknown-fields': true,
                          maxLength: 2048,
                          maxItems: 100,
                          maxProperties: 0,
                          items: {
                            'x-kubernetes-preserve-unknown-fields': true,
                            maxLength: 2048,
                            maxItems: 0,
                            maxProperties: 0,
                          },
                        },
                        NotAction: {
                          'x-kubernetes-preserve-unknown-fields': true,
                          maxLength: 2048,
                          maxItems: 100,
                          maxProperties: 0,
                          items: {
                            'x-kubernetes-preserve-unknown-fields': true,
                            maxLength: 2048,
                            maxItems: 0,
                            maxProperties: 0,
                          },
                        },
                        Resource: {
                          'x-kubernetes-preserve-unknown-fields': true,
                          maxLength: 2048,
                          maxItems: 100,
                          maxProperties: 0,
                          items: {
                            'x-kubernetes-preserve-unknown-fields': true,
                            maxLength: 2048,
                            maxItems: 0,
                            maxProperties: 0,
                          },
                        },
                        NotResource: {
                          'x-kubernetes-preserve-unknown-fields': true,
                          maxLength: 2048,
                          maxItems: 100,
                          maxProperties: 0,
                          items: {
                            'x-kubernetes-preserve-unknown-fields': true,
                            maxLength: 2048,
                            maxItems: 0,
                            maxProperties: 0,
                          },
                        },
                        Condition: {
                          type: 'object',
                          maxProperties: 30,
                          additionalProperties: {
                            type: 'object',
                            maxProperties: 50,
                            additionalProperties: {
                              'x-kubernetes-preserve-unknown-fields': true,
                              maxLength: 2048,
                              maxItems: 100,
                              maxProperties: 0,
                              items: {
                                'x-kubernetes-preserve-unknown-fields': true,
                                maxLength: 2048,
                                maxItems: 0,
                                maxProperties: 0,
                              },
                            },
                          },
                        },
                      },
                    },
                  },
                },
              },
              addresses: {
                type: 'object',
                maxProperties: 16,
                additionalProperties: {
                  type: 'object',
                  'x-kubernetes-validations': [
                    {
                      rule: 'has(self.ipv4) || has(self.ipv6)',
                      message: 'at least one of ipv4 and ipv6 must be given',
                    },
                  ],
                  properties: {
                    ipv4: {
                      type: 'string',
                      maxLength: 45,
                      'x-kubernetes-validations': [
                        {
                          rule: 'isIP(self) && ip(self).family() == 4',
                          message: 'must be an IPv4 address, such as 10.0.1.17',
                        },
                      ],
                    },
                    ipv6: {
                      type: 'string',
                      maxLength: 45,
                      'x-kubernetes-validations': [
                        {
                          rule: 'isIP(self) && ip(self).family() == 6 && ip.isCanonical(self)',
                          message:
                            'must be an IPv6 address in canonical form (lower case, zeros shortened), such as 2001:db8:1::17',
                        },
                      ],
                    },
                  },
                },
              },
            },
          },
        },
        securityGroup: {
          type: 'object',
          'x-kubernetes-validations': [
            {
              rule: 'has(self.ids) != has(self.ingress)',
              message: 'exactly one of ids and ingress must be given',
            },
          ],
          properties: {
            ids: {
              type: 'array',
              'x-kubernetes-list-type': 'set',
              minItems: 1,
              maxItems: 5,
              items: {
                type: 'string',
                maxLength: 32,
                'x-kubernetes-validations': [
                  {
                    rule: "self.matches('^sg-([0-9a-f]{8}|[0-9a-f]{17})$')",
                    message: 'must be the id of a security group, such as sg-0a1b2c3d4e5f67890',
                  },
                ],
              },
            },
            ingress: {
              type: 'array',
              'x-kubernetes-list-type': 'atomic',
              minItems: 1,
              maxItems: 60,
              'x-kubernetes-validations': [
                {
                  rule: 'self.all(a, has(a.cidr) ? self.exists_one(b, has(b.cidr) && b.cidr == a.cidr) : true)',
                  message: 'each cidr may be listed once',
                },
                {
                  rule: 'self.all(a, has(a.securityGroupId) ? self.exists_one(b, has(b.securityGroupId) && b.securityGroupId == a.securityGroupId) : true)',
                  message: 'each securityGroupId may be listed once',
                },
                {
                  rule: 'self.all(a, has(a.prefixListId) ? self.exists_one(b, has(b.prefixListId) && b.prefixListId == a.prefixListId) : true)',
                  message: 'each prefixListId may be listed once',
                },
              ],
              items: {
                type: 'object',
                'x-kubernetes-validations': [
                  {
                    rule: '[has(self.cidr), has(self.securityGroupId), has(self.prefixListId)] .exists_one(given, given)',
                    message: 'exactly one of cidr, securityGroupId and prefixListId must be given',
                  },
                  {
                    rule: "has(self.description) && (has(self.securityGroupId) || has(self.prefixListId)) ? !self.description.contains('&') : true",
                    message: 'must not contain & where the source is a group or a prefix list',
                    fieldPath: '.description',
                  },
                ],
                properties: {
                  cidr: {
                    type: 'string',
                    maxLength: 49,
                    'x-kubernetes-validations': [
                      {
                        rule: 'isCIDR(self)',
                        message: 'must be a block of addresses in CIDR form, such as 10.0.0.0/16',
                      },
                      {
                        rule: 'isCIDR(self) ? string(cidr(self).masked()) == self : true',
                        message:
                          'must be in canonical form: no bits after the prefix, IPv6 in lower case and shortened (10.0.0.0/16, not 10.0.1.5/16)',
                      },
                    ],
                  },
                  securityGroupId: {
                    type: 'string',
                    maxLength: 32,
                    'x-kubernetes-validations': [
                      {
                        rule: "self.matches('^sg-([0-9a-f]{8}|[0-9a-f]{17})$')",
                        message: 'must be the id of a security group, such as sg-0a1b2c3d4e5f67890',
                      },
                    ],
                  },
                  prefixListId: {
                    type: 'string',
                    maxLength: 32,
                    'x-kubernetes-validations': [
                      {
                        rule: "self.matches('^pl-([0-9a-f]{8}|[0-9a-f]{17})$')",
                        message: 'must be the id of a prefix list, such as pl-0a1b2c3d4e5f67890',
                      },
                    ],
                  },
                  description: {
                    type: 'string',
                    maxLength: 255,
                    'x-kubernetes-validations': [
                      {
                        rule: "self.matches('^[a-zA-Z0-9. _:/()#,@\\\\[\\\\]+=&;{}!$*-]*$')",
                        message:
                          'may contain letters, digits, spaces and ._-:/()#,@[]+=&;{}!$* only',
                      },
                    ],
                  },
                },
              },
            },
          },
        },
        notebookAccess: {
          type: 'object',
          'x-kubernetes-validations': [
            {
              rule: 'has(self.allowedPrivateCIDRs) && self.allowedPrivateCIDRs.size() > 0 ? self.allowEndpoints || (has(self.additionalEndpointIds) && self.additionalEndpointIds.size() > 0) : true',
              message:
                'narrows the path over endpoints, so it needs allowEndpoints or additionalEndpointIds',
              fieldPath: '.allowedPrivateCIDRs',
            },
            {
              rule: "has(self.notebookInstances) ? self.actions.exists(a, a == 'NotebookInstances') : true",
              message: 'needs NotebookInstances in actions',
              fieldPath: '.notebookInstances',
            },
            {
              rule: 'has(self.policyName) == has(oldSelf.policyName) && (has(self.policyName) ? self.policyName == oldSelf.policyName : true)',
              message:
                'is immutable, also from absent to present and back, because IAM renames no policy: remove notebookAccess, wait until status.notebookAccess is gone, and add it with the new name',
              reason: 'FieldValueForbidden',
              fieldPath: '.policyName',
            },
          ],
          properties: {
            policyName: {
              type: 'string',
              minLength: 1,
              maxLength: 128,
              'x-kubernetes-validations': [
                {
                  rule: "self.matches('^[a-zA-Z0-9_+=,.@-]*$')",
                  message:
                    'must be the name of a policy, not an ARN and without path (letters, digits and _+=,.@- only)',
                },
              ],
            },
            allowedCIDRs: {
              type: 'array',
              'x-kubernetes-list-type': 'set',
              maxItems: 250,
              items: {
                type: 'string',
                maxLength: 49,
                'x-kubernetes-validations': [
                  {
                    rule: 'isCIDR(self)',
                    message: 'must be a block of addresses in CIDR form, such as 203.0.113.0/24',
                  },
                  {
                    rule: 'isCIDR(self) ? string(cidr(self).masked()) == self : true',
                    message:
                      'must be in canonical form: no bits after the prefix, IPv6 in lower case and shortened (10.0.0.0/16, not 10.0.1.5/16)',
                  },
                  {
                    rule: "isCIDR(self) ? !(cidr('10.0.0.0/8').containsCIDR(self) || cidr('172.16.0.0/12').containsCIDR(self) || cidr('192.168.0.0/16').containsCIDR(self) || cidr('100.64.0.0/10').containsCIDR(self) || cidr('127.0.0.0/8').containsCIDR(self) || cidr('169.254.0.0/16').containsCIDR(self) || cidr('fc00::/7').containsCIDR(self) || cidr('fe80::/10').containsCIDR(self)) : true",
                    message:
                      'is a private range, which AWS never sees as the source of a request from the internet: to allow private addresses over the endpoints use allowedPrivateCIDRs',
                  },
                ],
              },
            },
            allowEndpoints: { type: 'boolean', default: true },
            additionalEndpointIds: {
              type: 'array',
              'x-kubernetes-list-type': 'set',
              maxItems: 50,
              items: {
                type: 'string',
                maxLength: 32,
                'x-kubernetes-validations': [
                  {
                    rule: "self.matches('^vpce-([0-9a-f]{8}|[0-9a-f]{17})$')",
                    message: 'must be the id of a VPC endpoint, such as vpce-0a1b2c3d4e5f67890',
                  },
                ],
              },
            },
            allowedPrivateCIDRs: {
              type: 'array',
              'x-kubernetes-list-type': 'set',
              maxItems: 100,
              items: {
                type: 'string',
                maxLength: 49,
                'x-kubernetes-validations': [
                  {
                    rule: 'isCIDR(self)',
                    message: 'must be a block of addresses in CIDR form, such as 10.0.16.0/20',
                  },
                  {
                    rule: 'isCIDR(self) ? string(cidr(self).masked()) == self : true',
                    message:
                      'must be in canonical form: no bits after the prefix, IPv6 in lower case and shortened (10.0.0.0/16, not 10.0.1.5/16)',
                  },
                ],
              },
            },
            actions: {
              type: 'array',
              'x-kubernetes-list-type': 'set',
              minItems: 1,
              maxItems: 7,
              default: ['NotebookInstances'],
              items: {
                type: 'string',
                enum: [
                  'NotebookInstances',
                  'Studio',
                  'MLflowTrackingServers',
                  'MLflowApps',
                  'PartnerApps',
                  'MLflowAPI',
                  'StudioRemoteAccess',
                ],
              },
            },
            notebookInstances: {
              type: 'array',
              'x-kubernetes-list-type': 'set',
              minItems: 1,
              maxItems: 50,
              items: {
                type: 'string',
                maxLength: 63,
                'x-kubernetes-validations': [
                  {
                    rule: "self.matches('^[a-zA-Z0-9](-*[a-zA-Z0-9])*$')",
                    message:
                      "must be the name of a notebook instance (letters, digits and '-'), not an ARN",
                  },
                ],
              },
            },
            attachTo: {
              type: 'object',
              properties: {
                roles: {
                  type: 'array',
                  'x-kubernetes-list-type': 'set',
                  maxItems: 50,
                  items: {
                    type: 'string',
                    minLength: 1,
                    maxLength: 64,
                    'x-kubernetes-validations': [
                      {
                        rule: "self.matches('^[a-zA-Z0-9_+=,.@-]*$')",
                        message:
                          'must be the name of a role, not an ARN and without path (letters, digits and _+=,.@- only)',
                      },
                      {
                        rule: "!(self.startsWith('AWSReservedSSO_') || self.startsWith('AWSServiceRoleFor'))",
                        message:
                          'is managed by AWS and takes no policies from others: for IAM Identity Center name the policy in the permission set instead',
                        reason: 'FieldValueForbidden',
                      },
                    ],
                  },
                },
                users: {
                  type: 'array',
                  'x-kubernetes-list-type': 'set',
                  maxItems: 50,
                  items: {
                    type: 'string',
                    minLength: 1,
                    maxLength: 64,
                    'x-kubernetes-validations': [
                      {
                        rule: "self.matches('^[a-zA-Z0-9_+=,.@-]*$')",
                        message:
                          'must be the name of a user, not an ARN and without path (letters, digits and _+=,.@- only)',
                      },
                    ],
                  },
                },
                groups: {
                  type: 'array',
                  'x-kubernetes-list-type': 'set',
                  maxItems: 50,
                  items: {
                    type: 'string',
                    minLength: 1,
                    maxLength: 128,
                    'x-kubernetes-validations': [
                      {
                        rule: "self.matches('^[a-zA-Z0-9_+=,.@-]*$')",
                        message:
                          'must be the name of a group, not an ARN and without path (letters, digits and _+=,.@- only)',
                      },
                    ],
                  },
                },
              },
            },
            onImpact: { type: 'string', enum: ['Fail', 'Proceed'], default: 'Fail' },
          },
        },
        clients: {
          type: 'object',
          required: ['namespaceSelector'],
          'x-kubernetes-validations': [
            {
              rule: 'has(self.configMap) || has(self.networkPolicy)',
              message: 'at least one of configMap and networkPolicy must be given',
            },
            {
              rule: 'has(self.clusterPolicy) ? has(self.networkPolicy) : true',
              message: 'needs networkPolicy beside it, which says for which pods and to where',
              fieldPath: '.clusterPolicy',
            },
          ],
          properties: {
            namespaceSelector: {
              type: 'object',
              'x-kubernetes-validations': [
                {
                  rule: '(has(self.matchLabels) && self.matchLabels.size() > 0) || (has(self.matchExpressions) && self.matchExpressions.size() > 0)',
                  message:
                    'an empty selector would take every namespace, kube-system included: select by labels',
                },
              ],
              properties: {
                matchLabels: {
                  type: 'object',
                  maxProperties: 20,
                  additionalProperties: { type: 'string', maxLength: 63 },
                },
                matchExpressions: {
                  type: 'array',
                  'x-kubernetes-list-type': 'atomic',
                  maxItems: 20,
                  items: {
                    type: 'object',
                    required: ['key', 'operator'],
                    'x-kubernetes-validations': [
                      {
                        rule: "self.operator in ['In', 'NotIn'] ? has(self.values) && self.values.size() > 0 : (has(self.values) ? self.values.size() == 0 : true)",
                        message: 'In and NotIn need values; Exists and DoesNotExist must have none',
                        fieldPath: '.values',
                      },
                    ],
                    properties: {
                      key: { type: 'string', minLength: 1, maxLength: 317 },
                      operator: { type: 'string', enum: ['In', 'NotIn', 'Exists', 'DoesNotExist'] },
                      values: {
                        type: 'array',
                        'x-kubernetes-list-type': 'atomic',
                        maxItems: 50,
                        items: { type: 'string', maxLength: 63 },
                      },
                    },
                  },
                },
              },
            },
            configMap: {
              type: 'object',
              required: ['name'],
              properties: {
                name: {
                  type: 'string',
                  minLength: 1,
                  maxLength: 253,
                  'x-kubernetes-validations': [
                    {
                      rule: "self.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*$')",
                      message:
                        "must be a name that Kubernetes accepts for a ConfigMap (lower-case letters, digits, '-' and '.')",
                    },
                  ],
                },
              },
            },
            networkPolicy: {
              type: 'object',
              required: ['podSelector'],
              properties: {
                podSelector: {
                  type: 'object',
                  properties: {
                    matchLabels: {
                      type: 'object',
                      maxProperties: 20,
                      additionalProperties: { type: 'string', maxLength: 63 },
                    },
                    matchExpressions: {
                      type: 'array',
                      'x-kubernetes-list-type': 'atomic',
                      maxItems: 20,
                      items: {
                        type: 'object',
                        required: ['key', 'operator'],
                        'x-kubernetes-validations': [
                          {
                            rule: "self.operator in ['In', 'NotIn'] ? has(self.values) && self.values.size() > 0 : (has(self.values) ? self.values.size() == 0 : true)",
                            message:
                              'In and NotIn need values; Exists and DoesNotExist must have none',
                            fieldPath: '.values',
                          },
                        ],
                        properties: {
                          key: { type: 'string', minLength: 1, maxLength: 317 },
                          operator: {
                            type: 'string',
                            enum: ['In', 'NotIn', 'Exists', 'DoesNotExist'],
                          },
                          values: {
                            type: 'array',
                            'x-kubernetes-list-type': 'atomic',
                            maxItems: 50,
                            items: { type: 'string', maxLength: 63 },
                          },
                        },
                      },
                    },
                  },
                },
                enforcement: { type: 'string', enum: ['Enforce', 'Audit'], default: 'Enforce' },
                egress: {
                  type: 'object',
                  default: {},
                  'x-kubernetes-validations': [
                    {
                      rule: "(has(self.namespaces) && self.namespaces == 'Selected') == has(self.namespaceSelector)",
                      message: 'must be given with namespaces: Selected, and only with it',
                      fieldPath: '.namespaceSelector',
                    },
                  ],
                  properties: {
                    awsServices: {
                      type: 'array',
                      'x-kubernetes-list-type': 'set',
                      maxItems: 50,
                      items: {
                        type: 'string',
                        maxLength: 128,
                        'x-kubernetes-validations': [
                          {
                            rule: "self.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*$')",
                            message:
                              'must be the name of an endpoint service, such as sts, ecr.api or com.amazonaws.eu-west-1.sts',
                          },
                        ],
                      },
                    },
                    namespaces: {
                      type: 'string',
                      enum: ['None', 'Own', 'Selected', 'All'],
                      default: 'Own',
                    },
                    namespaceSelector: {
                      type: 'object',
                      'x-kubernetes-validations': [
                        {
                          rule: '(has(self.matchLabels) && self.matchLabels.size() > 0) || (has(self.matchExpressions) && self.matchExpressions.size() > 0)',
                          message:
                            'an empty selector would take every namespace: write namespaces: All',
                        },
                      ],
                      properties: {
                        matchLabels: {
                          type: 'object',
                          maxProperties: 20,
                          additionalProperties: { type: 'string', maxLength: 63 },
                        },
                        matchExpressions: {
                          type: 'array',
                          'x-kubernetes-list-type': 'atomic',
                          maxItems: 20,
                          items: {
                            type: 'object',
                            required: ['key', 'operator'],
                            'x-kubernetes-validations': [
                              {
                                rule: "self.operator in ['In', 'NotIn'] ? has(self.values) && self.values.size() > 0 : (has(self.values) ? self.values.size() == 0 : true)",
                                message:
                                  'In and NotIn need values; Exists and DoesNotExist must have none',
                                fieldPath: '.values',
                              },
                            ],
                            properties: {
                              key: { type: 'string', minLength: 1, maxLength: 317 },
                              operator: {
                                type: 'string',
                                enum: ['In', 'NotIn', 'Exists', 'DoesNotExist'],
                              },
                              values: {
                                type: 'array',
                                'x-kubernetes-list-type': 'atomic',
                                maxItems: 50,
                                items: { type: 'string', maxLength: 63 },
                              },
                            },
                          },
                        },
                      },
                    },
                    kubernetesAPI: { type: 'boolean', default: false },
                    podIdentity: { type: 'boolean', default: true },
                    dnsServers: {
                      type: 'array',
                      'x-kubernetes-list-type': 'set',
                      maxItems: 8,
                      items: {
                        type: 'string',
                        maxLength: 45,
                        'x-kubernetes-validations': [
                          {
                            rule: 'isIP(self)',
                            message: 'must be an IP address, such as 172.20.0.10',
                          },
                          {
                            rule: 'isIP(self) ? ip.isCanonical(self) : true',
                            message: 'must be in canonical form: IPv6 in lower case and shortened',
                          },
                        ],
                      },
                    },
                    rules: {
                      type: 'array',
                      'x-kubernetes-list-type': 'atomic',
                      maxItems: 10,
                      items: {
                        type: 'object',
                        required: ['to'],
                        properties: {
                          to: {
                            type: 'array',
                            'x-kubernetes-list-type': 'atomic',
                            minItems: 1,
                            maxItems: 10,
                            items: {
                              type: 'object',
                              'x-kubernetes-validations': [
                                {
                                  rule: 'has(self.ipBlock) != (has(self.namespaceSelector) || has(self.podSelector))',
                                  message:
                                    'must be either ipBlock or pods (podSelector, namespaceSelector or both)',
                                },
                              ],
                              properties: {
                                ipBlock: {
                                  type: 'object',
                                  required: ['cidr'],
                                  'x-kubernetes-validations': [
                                    {
                                      rule: 'has(self.except) && isCIDR(self.cidr) ? self.except.all(e, isCIDR(e) ? e != self.cidr && cidr(self.cidr).containsCIDR(e) : true) : true',
                                      message:
                                        'each block must be a part of cidr, and not all of it',
                                      fieldPath: '.except',
                                    },
                                  ],
                                  properties: {
                                    cidr: {
                                      type: 'string',
                                      maxLength: 49,
                                      'x-kubernetes-validations': [
                                        {
                                          rule: 'isCIDR(self)',
                                          message:
                                            'must be a block of addresses in CIDR form, such as 10.0.0.0/16',
                                        },
                                        {
                                          rule: 'isCIDR(self) ? string(cidr(self).masked()) == self : true',
                                          message:
                                            'must be in canonical form: no bits after the prefix, IPv6 in lower case and shortened (10.0.0.0/16, not 10.0.1.5/16)',
                                        },
                                      ],
                                    },
                                    except: {
                                      type: 'array',
                                      'x-kubernetes-list-type': 'atomic',
                                      maxItems: 5,
                                      items: {
                                        type: 'string',
                                        maxLength: 49,
                                        'x-kubernetes-validations': [
                                          {
                                            rule: 'isCIDR(self)',
                                            message:
                                              'must be a block of addresses in CIDR form, such as 10.0.0.0/16',
                                          },
                                          {
                                            rule: 'isCIDR(self) ? string(cidr(self).masked()) == self : true',
                                            message:
                                              'must be in canonical form: no bits after the prefix, IPv6 in lower case and shortened (10.0.0.0/16, not 10.0.1.5/16)',
                                          },
                                        ],
                                      },
                                    },
                                  },
                                },
                                namespaceSelector: {
                                  type: 'object',
                                  properties: {
                                    matchLabels: {
                                      type: 'object',
                                      maxProperties: 5,
                                      additionalProperties: { type: 'string', maxLength: 63 },
                                    },
                                    matchExpressions: {
                                      type: 'array',
                                      'x-kubernetes-list-type': 'atomic',
                                      maxItems: 5,
                                      items: {
                                        type: 'object',
                                        required: ['key', 'operator'],
                                        'x-kubernetes-validations': [
                                          {
                                            rule: "self.operator in ['In', 'NotIn'] ? has(self.values) && self.values.size() > 0 : (has(self.values) ? self.values.size() == 0 : true)",
                                            message:
                                              'In and NotIn need values; Exists and DoesNotExist must have none',
                                            fieldPath: '.values',
                                          },
                                        ],
                                        properties: {
                                          key: { type: 'string', minLength: 1, maxLength: 317 },
                                          operator: {
                                            type: 'string',
                                            enum: ['In', 'NotIn', 'Exists', 'DoesNotExist'],
                                          },
                                          values: {
                                            type: 'array',
                                            'x-kubernetes-list-type': 'atomic',
                                            maxItems: 10,
                                            items: { type: 'string', maxLength: 63 },
                                          },
                                        },
                                      },
                                    },
                                  },
                                },
                                podSelector: {
                                  type: 'object',
                                  properties: {
                                    matchLabels: {
                                      type: 'object',
                                      maxProperties: 5,
                                      additionalProperties: { type: 'string', maxLength: 63 },
                                    },
                                    matchExpressions: {
                                      type: 'array',
                                      'x-kubernetes-list-type': 'atomic',
                                      maxItems: 5,
                                      items: {
                                        type: 'object',
                                        required: ['key', 'operator'],
                                        'x-kubernetes-validations': [
                                          {
                                            rule: "self.operator in ['In', 'NotIn'] ? has(self.values) && self.values.size() > 0 : (has(self.values) ? self.values.size() == 0 : true)",
                                            message:
                                              'In and NotIn need values; Exists and DoesNotExist must have none',
                                            fieldPath: '.values',
                                          },
                                        ],
                                        properties: {
                                          key: { type: 'string', minLength: 1, maxLength: 317 },
                                          operator: {
                                            type: 'string',
                                            enum: ['In', 'NotIn', 'Exists', 'DoesNotExist'],
                                          },
                                          values: {
                                            type: 'array',
                                            'x-kubernetes-list-type': 'atomic',
                                            maxItems: 10,
                                            items: { type: 'string', maxLength: 63 },
                                          },
                                        },
                                      },
                                    },
                                  },
                                },
                              },
                            },
                          },
                          ports: {
                            type: 'array',
                            'x-kubernetes-list-type': 'atomic',
                            maxItems: 10,
                            items: {
                              type: 'object',
                              'x-kubernetes-validations': [
                                {
                                  rule: 'has(self.endPort) ? has(self.port) && self.endPort >= self.port : true',
                                  message:
                                    'must not be less than port, which must be given beside it',
                                  fieldPath: '.endPort',
                                },
                              ],
                              properties: {
                                protocol: { type: 'string', enum: ['TCP', 'UDP'], default: 'TCP' },
                                port: { type: 'integer', minimum: 1, maximum: 65535 },
                                endPort: { type: 'integer', minimum: 1, maximum: 65535 },
                              },
                            },
                          },
                        },
                      },
                    },
                  },
                },
              },
            },
            clusterPolicy: {
              type: 'object',
              properties: {
                flavor: {
                  type: 'string',
                  enum: ['Auto', 'NetworkPolicyAPI', 'EKS', 'Cilium', 'Calico'],
                  default: 'Auto',
                },
                priority: { type: 'integer', minimum: 0, maximum: 999, default: 50 },
                others: { type: 'string', enum: ['Allow', 'Deny'], default: 'Allow' },
                namespacedPolicies: { type: 'string', enum: ['Write', 'Omit'], default: 'Write' },
              },
            },
          },
        },
        verify: {
          type: 'object',
          'x-kubernetes-validations': [
            {
              rule: '(has(self.namespaces) && has(self.namespaceSelector)) == false',
              message: 'must not be given beside namespaces',
              fieldPath: '.namespaceSelector',
            },
          ],
          properties: {
            namespaces: {
              type: 'array',
              'x-kubernetes-list-type': 'set',
              minItems: 1,
              maxItems: 20,
              items: {
                type: 'string',
                maxLength: 63,
                'x-kubernetes-validations': [
                  {
                    rule: "self.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$')",
                    message: "must be the name of a namespace (lower-case letters, digits and '-')",
                  },
                ],
              },
            },
            namespaceSelector: {
              type: 'object',
              'x-kubernetes-validations': [
                {
                  rule: '(has(self.matchLabels) && self.matchLabels.size() > 0) || (has(self.matchExpressions) && self.matchExpressions.size() > 0)',
                  message:
                    'an empty selector says nothing: leave it out to verify from every namespace that clients selects, up to maxNamespaces',
                },
              ],
              properties: {
                matchLabels: {
                  type: 'object',
                  maxProperties: 20,
                  additionalProperties: { type: 'string', maxLength: 63 },
                },
                matchExpressions: {
                  type: 'array',
                  'x-kubernetes-list-type': 'atomic',
                  maxItems: 20,
                  items: {
                    type: 'object',
                    required: ['key', 'operator'],
                    'x-kubernetes-validations': [
                      {
                        rule: "self.operator in ['In', 'NotIn'] ? has(self.values) && self.values.size() > 0 : (has(self.values) ? self.values.size() == 0 : true)",
                        message: 'In and NotIn need values; Exists and DoesNotExist must have none',
                        fieldPath: '.values',
                      },
                    ],
                    properties: {
                      key: { type: 'string', minLength: 1, maxLength: 317 },
                      operator: { type: 'string', enum: ['In', 'NotIn', 'Exists', 'DoesNotExist'] },
                      values: {
                        type: 'array',
                        'x-kubernetes-list-type': 'atomic',
                        maxItems: 50,
                        items: { type: 'string', maxLength: 63 },
                      },
                    },
                  },
                },
              },
            },
            maxNamespaces: { type: 'integer', minimum: 1, maximum: 20, default: 5 },
            podsPerNamespace: { type: 'integer', minimum: 1, maximum: 6, default: 1 },
            interval: {
              type: 'string',
              maxLength: 16,
              default: '30m',
              'x-kubernetes-validations': [
                {
                  rule: "self.matches('^([0-9]{1,2}h)?([0-9]{1,4}m)?([0-9]{1,5}s)?$') && self.size() > 0",
                  message: 'must be a duration of hours, minutes and seconds, such as 90s or 1h30m',
                },
                {
                  rule: "self.matches('^([0-9]{1,2}h)?([0-9]{1,4}m)?([0-9]{1,5}s)?$') && self.size() > 0 ? duration(self) >= duration('1m') && duration(self) <= duration('24h') : true",
                  message: 'must be between 1m and 24h',
                },
              ],
            },
            mustNotAnswer: {
              type: 'array',
              'x-kubernetes-list-type': 'atomic',
              maxItems: 8,
              default: [
                { address: '169.254.169.254', port: 80 },
                { address: '1.1.1.1', port: 443 },
              ],
              items: {
                type: 'object',
                required: ['address', 'port'],
                properties: {
                  address: {
                    type: 'string',
                    maxLength: 45,
                    'x-kubernetes-validations': [
                      { rule: 'isIP(self)', message: 'must be an IP address, such as 1.1.1.1' },
                    ],
                  },
                  port: { type: 'integer', minimum: 1, maximum: 65535 },
                },
              },
            },
            nodeSelector: {
              type: 'object',
              maxProperties: 20,
              additionalProperties: { type: 'string', maxLength: 63 },
            },
            tolerations: {
              type: 'array',
              'x-kubernetes-list-type': 'atomic',
              maxItems: 10,
              items: {
                type: 'object',
                'x-kubernetes-validations': [
                  {
                    rule: "self.operator == 'Exists' ? (has(self.value) ? self.value == '' : true) : has(self.key)",
                    message: 'Equal needs a key; Exists must have no value',
                    fieldPath: '.operator',
                  },
                ],
                properties: {
                  key: { type: 'string', maxLength: 317 },
                  operator: { type: 'string', enum: ['Exists', 'Equal'], default: 'Equal' },
                  value: { type: 'string', maxLength: 63 },
                  effect: { type: 'string', enum: ['NoSchedule', 'PreferNoSchedule', 'NoExecute'] },
                },
              },
            },
          },
        },
        tags: {
          type: 'object',
          maxProperties: 40,
          additionalProperties: {
            type: 'string',
            maxLength: 256,
            'x-kubernetes-validations': [
              {
                rule: "self.matches('^[\\\\p{L}\\\\p{Z}\\\\p{N}_.:/=+@-]*$')",
                message:
                  'may contain letters, digits, spaces and _.:/=+-@ only, which is what AWS allows everywhere',
              },
            ],
          },
          'x-kubernetes-validations': [
            {
              rule: 'self.all(k, k.size() >= 1 && k.size() <= 128)',
              message: 'tag keys must have 1 to 128 characters',
            },
            {
              rule: "self.all(k, k.matches('^[\\\\p{L}\\\\p{Z}\\\\p{N}_.:/=+@-]*$'))",
              message:
                'tag keys may contain letters, digits, spaces and _.:/=+-@ only, which is what AWS allows everywhere',
            },
            {
              rule: "self.all(k, !k.matches('^[aA][wW][sS]:'))",
              message: 'tag keys must not begin with aws:, which AWS keeps for itself',
              reason: 'FieldValueForbidden',
            },
            {
              rule: "self.all(k, !k.lowerAscii().startsWith('sagemaker.privatelink.dev/'))",
              message:
                "tag keys must not begin with sagemaker.privatelink.dev/ in any letter case, which are the operator's ownership tags",
              reason: 'FieldValueForbidden',
            },
          ],
        },
        deletionPolicy: { type: 'string', enum: ['Delete', 'Retain'], default: 'Delete' },
        driftPolicy: { type: 'string', enum: ['Repair', 'Report'], default: 'Repair' },
        adoption: { type: 'string', enum: ['Never', 'IfUnowned'], default: 'Never' },
        suspend: { type: 'boolean', default: false },
        sweepInterval: {
          type: 'string',
          maxLength: 16,
          default: '60s',
          'x-kubernetes-validations': [
            {
              rule: "self.matches('^([0-9]{1,2}h)?([0-9]{1,4}m)?([0-9]{1,5}s)?$') && self.size() > 0",
              message: 'must be a duration of hours, minutes and seconds, such as 90s or 1h30m',
            },
            {
              rule: "self.matches('^([0-9]{1,2}h)?([0-9]{1,4}m)?([0-9]{1,5}s)?$') && self.size() > 0 ? duration(self) >= duration('10s') && duration(self) <= duration('24h') : true",
              message: 'must be between 10s and 24h',
            },
          ],
        },
      },
    },
    status: {
      type: 'object',
      default: { observedGeneration: -1 },
      properties: {
        observedGeneration: { type: 'integer', format: 'int64' },
        conditions: {
          type: 'array',
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['type'],
          maxItems: 32,
          items: {
            type: 'object',
            required: ['type', 'status', 'lastTransitionTime', 'reason', 'message'],
            properties: {
              type: { type: 'string', maxLength: 316 },
              status: { type: 'string', enum: ['True', 'False', 'Unknown'] },
              observedGeneration: { type: 'integer', format: 'int64', minimum: 0 },
              lastTransitionTime: { type: 'string', format: 'date-time' },
              reason: { type: 'string', minLength: 1, maxLength: 1024 },
              message: { type: 'string', maxLength: 32768 },
            },
          },
        },
        appliedGeneration: { type: 'integer', format: 'int64', minimum: 0 },
        appliedTagKeys: {
          type: 'array',
          'x-kubernetes-list-type': 'set',
          maxItems: 500,
          items: { type: 'string', maxLength: 128 },
        },
        appliedPrincipals: {
          type: 'array',
          'x-kubernetes-list-type': 'set',
          maxItems: 3000,
          items: { type: 'string', maxLength: 140 },
        },
        available: { type: 'string', maxLength: 16 },
        account: { type: 'string', maxLength: 12 },
        partition: { type: 'string', maxLength: 32 },
        vpcId: { type: 'string', maxLength: 32 },
        subnets: {
          type: 'array',
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['id'],
          maxItems: 200,
          items: {
            type: 'object',
            required: ['id', 'zone'],
            properties: {
              id: { type: 'string', maxLength: 32 },
              zone: { type: 'string', maxLength: 64 },
            },
          },
        },
        skippedSubnets: {
          type: 'array',
          'x-kubernetes-list-type': 'atomic',
          maxItems: 200,
          items: {
            type: 'object',
            required: ['id', 'zone', 'reason'],
            properties: {
              id: { type: 'string', maxLength: 32 },
              zone: { type: 'string', maxLength: 64 },
              reason: { type: 'string', maxLength: 1024 },
            },
          },
        },
        endpoints: {
          type: 'array',
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['serviceName'],
          maxItems: 60,
          items: {
            type: 'object',
            required: ['serviceName'],
            properties: {
              service: { type: 'string', maxLength: 64 },
              serviceName: { type: 'string', maxLength: 256 },
              id: { type: 'string', maxLength: 32 },
              state: { type: 'string', maxLength: 64 },
              privateDNS: { type: 'boolean' },
              privateDNSSettled: { type: 'boolean' },
              url: { type: 'string', maxLength: 512 },
              dnsNames: {
                type: 'array',
                'x-kubernetes-list-type': 'atomic',
                maxItems: 100,
                items: { type: 'string', maxLength: 512 },
              },
              networkInterfaces: {
                type: 'array',
                'x-kubernetes-list-type': 'map',
                'x-kubernetes-list-map-keys': ['id'],
                maxItems: 50,
                items: {
                  type: 'object',
                  required: ['id'],
                  properties: {
                    id: { type: 'string', maxLength: 32 },
                    subnetId: { type: 'string', maxLength: 32 },
                    zone: { type: 'string', maxLength: 64 },
                    ipv4: { type: 'string', maxLength: 45 },
                    ipv6: { type: 'string', maxLength: 45 },
                  },
                },
              },
            },
          },
        },
        securityGroup: {
          type: 'object',
          required: ['id', 'managed'],
          properties: { id: { type: 'string', maxLength: 32 }, managed: { type: 'boolean' } },
        },
        notebookAccess: {
          type: 'object',
          properties: {
            policyArn: { type: 'string', maxLength: 2048 },
            versionId: { type: 'string', maxLength: 32 },
            attachedTo: {
              type: 'object',
              properties: {
                roles: {
                  type: 'array',
                  'x-kubernetes-list-type': 'atomic',
                  maxItems: 1000,
                  items: { type: 'string', maxLength: 128 },
                },
                users: {
                  type: 'array',
                  'x-kubernetes-list-type': 'atomic',
                  maxItems: 1000,
                  items: { type: 'string', maxLength: 128 },
                },
                groups: {
                  type: 'array',
                  'x-kubernetes-list-type': 'atomic',
                  maxItems: 1000,
                  items: { type: 'string', maxLength: 128 },
                },
              },
            },
          },
        },
        clients: {
          type: 'object',
          required: ['namespaces', 'ready'],
          properties: {
            namespaces: { type: 'integer', format: 'int32', minimum: 0 },
            ready: { type: 'integer', format: 'int32', minimum: 0 },
            failing: {
              type: 'array',
              'x-kubernetes-list-type': 'map',
              'x-kubernetes-list-map-keys': ['namespace'],
              maxItems: 100,
              items: {
                type: 'object',
                required: ['namespace', 'message'],
                properties: {
                  namespace: { type: 'string', maxLength: 63 },
                  message: { type: 'string', maxLength: 1024 },
                },
              },
            },
            availableOnce: { type: 'boolean' },
            services: {
              type: 'array',
              'x-kubernetes-list-type': 'map',
              'x-kubernetes-list-map-keys': ['service'],
              maxItems: 50,
              items: {
                type: 'object',
                required: ['service', 'state'],
                properties: {
                  service: { type: 'string', maxLength: 128 },
                  serviceName: { type: 'string', maxLength: 256 },
                  state: { type: 'string', maxLength: 64 },
                  addresses: {
                    type: 'array',
                    'x-kubernetes-list-type': 'set',
                    maxItems: 200,
                    items: { type: 'string', maxLength: 45 },
                  },
                  cidrs: {
                    type: 'array',
                    'x-kubernetes-list-type': 'set',
                    maxItems: 500,
                    items: { type: 'string', maxLength: 49 },
                  },
                  message: { type: 'string', maxLength: 1024 },
                },
              },
            },
            egress: {
              type: 'array',
              'x-kubernetes-list-type': 'atomic',
              maxItems: 100,
              items: {
                type: 'object',
                required: ['reason', 'to', 'ports'],
                properties: {
                  reason: { type: 'string', maxLength: 256 },
                  to: {
                    type: 'array',
                    'x-kubernetes-list-type': 'atomic',
                    maxItems: 100,
                    items: { type: 'string', maxLength: 1024 },
                  },
                  ports: { type: 'string', maxLength: 256 },
                },
              },
            },
            clusterPolicy: {
              type: 'object',
              required: ['flavor'],
              properties: {
                flavor: { type: 'string', maxLength: 64 },
                objects: { type: 'integer', format: 'int32', minimum: 0 },
                hash: { type: 'string', maxLength: 64 },
                message: { type: 'string', maxLength: 1024 },
              },
            },
          },
        },
        verify: {
          type: 'object',
          required: ['namespaces', 'reachable'],
          properties: {
            namespaces: { type: 'integer', format: 'int32', minimum: 0 },
            reachable: { type: 'integer', format: 'int32', minimum: 0 },
            failing: {
              type: 'array',
              'x-kubernetes-list-type': 'map',
              'x-kubernetes-list-map-keys': ['namespace'],
              maxItems: 20,
              items: {
                type: 'object',
                required: ['namespace', 'state', 'reason', 'message'],
                properties: {
                  namespace: { type: 'string', maxLength: 63 },
                  state: { type: 'string', maxLength: 32 },
                  reason: { type: 'string', maxLength: 64 },
                  zones: {
                    type: 'array',
                    'x-kubernetes-list-type': 'set',
                    maxItems: 32,
                    items: { type: 'string', maxLength: 64 },
                  },
                  message: { type: 'string', maxLength: 1024 },
                },
              },
            },
            basis: { type: 'string', maxLength: 64 },
            lastChangeTime: { type: 'string', format: 'date-time' },
          },
        },
        drift: {
          type: 'array',
          'x-kubernetes-list-type': 'atomic',
          maxItems: 100,
          items: {
            type: 'object',
            required: ['resource', 'field', 'desired', 'actual', 'since'],
            properties: {
              resource: { type: 'string', maxLength: 256 },
              field: { type: 'string', maxLength: 256 },
              desired: { type: 'string', maxLength: 4096 },
              actual: { type: 'string', maxLength: 4096 },
              since: { type: 'string', format: 'date-time' },
            },
          },
        },
        truncated: {
          type: 'array',
          'x-kubernetes-list-type': 'atomic',
          maxItems: 32,
          items: {
            type: 'object',
            required: ['field', 'leftOut'],
            properties: {
              field: { type: 'string', maxLength: 256 },
              leftOut: { type: 'integer', format: 'int64', minimum: 1 },
            },
          },
        },
        lastSweepTime: { type: 'string', format: 'date-time' },
        lastHandledReconcileAt: { type: 'string', maxLength: 1024 },
      },
    },
  },
};
