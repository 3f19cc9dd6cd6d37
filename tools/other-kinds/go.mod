// The CRDs of kinds that samples and the monitoring component use, each project's own files at these
// versions (test/environment/other-kinds.ts). Nothing of them is built.
module tools/other-kinds

go 1.26.0

require (
	github.com/argoproj/argo-cd/v3 v3.3.0
	github.com/fluxcd/helm-controller v1.4.3
	github.com/fluxcd/kustomize-controller v1.7.3
	github.com/fluxcd/source-controller v1.7.2
	github.com/prometheus-operator/prometheus-operator v0.85.0
)
