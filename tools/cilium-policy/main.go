// Command cilium-policy reads cases from stdin, a JSON list, and answers for each of them which of its
// packets the policy engine of github.com/cilium/cilium lets leave: a list of lists of booleans.
package main

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/netip"
	"os"
	"sync"

	"github.com/cilium/cilium/pkg/clustermesh/types"
	"github.com/cilium/cilium/pkg/identity"
	ciliumio "github.com/cilium/cilium/pkg/k8s/apis/cilium.io"
	ciliumv2 "github.com/cilium/cilium/pkg/k8s/apis/cilium.io/v2"
	"github.com/cilium/cilium/pkg/labels"
	"github.com/cilium/cilium/pkg/policy"
	"github.com/cilium/cilium/pkg/policy/api"
	"github.com/cilium/cilium/pkg/testutils/identity"
	"github.com/cilium/cilium/pkg/testutils/policy"
	"github.com/cilium/cilium/pkg/u8proto"
)

type testCase struct {
	Pods                []pod                                     `json:"pods"`
	Nodes               []string                                  `json:"nodes"`
	KubernetesAPI       []string                                  `json:"kubernetesAPI"`
	ClusterwidePolicies []ciliumv2.CiliumClusterwideNetworkPolicy `json:"clusterwidePolicies"`
	Packets             []packet                                  `json:"packets"`
}

type pod struct {
	Name            string            `json:"name"`
	Namespace       string            `json:"namespace"`
	IP              string            `json:"ip"`
	Labels          map[string]string `json:"labels"`
	NamespaceLabels map[string]string `json:"namespaceLabels"`
}

type packet struct {
	From     string `json:"from"`
	To       string `json:"to"`
	Protocol string `json:"protocol"`
	Port     uint16 `json:"port"`
}

var logger = slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	var cases []testCase
	if err := json.NewDecoder(os.Stdin).Decode(&cases); err != nil {
		return fmt.Errorf("stdin: %w", err)
	}
	verdicts := make([][]bool, 0, len(cases))
	for index, one := range cases {
		allowed, err := judge(one)
		if err != nil {
			return fmt.Errorf("case %d: %w", index, err)
		}
		verdicts = append(verdicts, allowed)
	}
	return json.NewEncoder(os.Stdout).Encode(verdicts)
}

func judge(one testCase) ([]bool, error) {
	identities := identitiesOf(one)
	known := identity.IdentityMap{}
	for _, each := range identities {
		known[each.ID] = each.LabelArray
	}
	repo := policy.NewPolicyRepository(logger, nil, nil, nil, nil, testpolicy.NewPolicyMetricsNoop())
	repo.GetSelectorCache().SetLocalIdentityNotifier(testidentity.NewDummyIdentityNotifier())
	var wait sync.WaitGroup
	repo.GetSelectorCache().UpdateIdentities(known, nil, &wait)
	wait.Wait()
	rules, err := rulesOf(one)
	if err != nil {
		return nil, err
	}
	repo.MustAddList(rules)
	allowed := make([]bool, 0, len(one.Packets))
	for _, each := range one.Packets {
		protocol, err := u8proto.ParseProtocol(each.Protocol)
		if err != nil {
			return nil, err
		}
		flow := policy.Flow{
			From: identities[each.From], To: identities[each.To], Proto: protocol, Dport: each.Port,
		}
		verdict, _, _, err := policy.LookupFlow(logger, repo, flow, nil, nil)
		if err != nil {
			return nil, err
		}
		allowed = append(allowed, verdict == api.Allowed)
	}
	return allowed, nil
}

func rulesOf(one testCase) (api.Rules, error) {
	var rules api.Rules
	for index := range one.ClusterwidePolicies {
		some, err := one.ClusterwidePolicies[index].Parse(logger, types.PolicyAnyCluster)
		if err != nil {
			return nil, err
		}
		rules = append(rules, some...)
	}
	return rules, nil
}

// identitiesOf gives every address of the case its identity, as the agent's address cache does.
func identitiesOf(one testCase) map[string]*identity.Identity {
	identities := map[string]*identity.Identity{}
	add := func(ip string, local bool, list labels.LabelArray) {
		number := identity.NumericIdentity(1000 + len(identities))
		if local {
			number |= identity.IdentityScopeLocal
		}
		identities[ip] = identity.NewIdentityFromLabelArray(number, list.Sort())
	}
	for _, each := range one.Pods {
		add(each.IP, false, podLabels(each))
	}
	for _, ip := range one.Nodes {
		identities[ip] = identity.LookupReservedIdentity(identity.ReservedIdentityHost)
	}
	for _, ip := range one.KubernetesAPI {
		list := labels.GetCIDRLabels(hostPrefix(ip))
		list.MergeLabels(labels.LabelKubeAPIServer)
		add(ip, true, list.LabelArray())
	}
	for _, each := range one.Packets {
		if _, found := identities[each.To]; !found {
			add(each.To, true, labels.GetCIDRLabels(hostPrefix(each.To)).LabelArray())
		}
	}
	return identities
}

func hostPrefix(ip string) netip.Prefix {
	address := netip.MustParseAddr(ip)
	return netip.PrefixFrom(address, address.BitLen())
}

func podLabels(each pod) labels.LabelArray {
	list := labels.LabelArray{labels.NewLabel(ciliumio.PodNamespaceLabel, each.Namespace, labels.LabelSourceK8s)}
	for key, value := range each.NamespaceLabels {
		list = append(list, labels.NewLabel(ciliumio.PodNamespaceMetaLabelsPrefix+key, value, labels.LabelSourceK8s))
	}
	for key, value := range each.Labels {
		list = append(list, labels.NewLabel(key, value, labels.LabelSourceK8s))
	}
	return list
}
