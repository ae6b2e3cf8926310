package main

import (
	"context"
	"fmt"

	cadvisorapi "github.com/google/cadvisor/info/v1"
	"github.com/spf13/cobra"
	genericapiserver "k8s.io/apiserver/pkg/server"
	utilfeature "k8s.io/apiserver/pkg/util/feature"
	kubelet "k8s.io/kubernetes/cmd/kubelet/app"
	"k8s.io/kubernetes/cmd/kubelet/app/options"
	"k8s.io/kubernetes/pkg/kubelet/cadvisor"
	"k8s.io/kubernetes/pkg/kubelet/cm"
	"k8s.io/kubernetes/pkg/kubelet/kubeletconfig/configfiles"
	utilfs "k8s.io/kubernetes/pkg/util/filesystem"
)

// A gc pod asks for half a core and a gibibyte, and a test machine has two cores: scheduling would stop at three pods.
// The node claims this much instead. Only the scheduler's and the kubelet's accounting believe it.
const (
	claimedCores  = 200
	claimedMemory = 512 << 30 // bytes
)

// generousMachine is the real machine with more cores and memory than it has.
type generousMachine struct{ cadvisor.Interface }

func (machine generousMachine) MachineInfo() (*cadvisorapi.MachineInfo, error) {
	real, err := machine.Interface.MachineInfo()
	if err != nil {
		return nil, err
	}
	claimed := real.Clone()
	claimed.NumCores = claimedCores
	claimed.MemoryCapacity = claimedMemory
	return claimed, nil
}

// newKubeletCommand is the kubelet on a generousMachine. Upstream's own command has no place to put one, so this one
// takes only the flags that the launcher uses: --config and those of options.KubeletFlags.
func newKubeletCommand(ctx context.Context) *cobra.Command {
	flags := options.NewKubeletFlags()
	command := &cobra.Command{
		Use:          "kubelet",
		SilenceUsage: true,
		RunE: func(*cobra.Command, []string) error {
			loader, err := configfiles.NewFsLoader(&utilfs.DefaultFs{}, flags.KubeletConfigFile)
			if err != nil {
				return err
			}
			config, err := loader.Load(ctx)
			if err != nil {
				return fmt.Errorf("loading %s: %w", flags.KubeletConfigFile, err)
			}
			if err := utilfeature.DefaultMutableFeatureGate.SetFromMap(config.FeatureGates); err != nil {
				return err
			}
			server := &options.KubeletServer{KubeletFlags: *flags, KubeletConfiguration: *config}
			dependencies, err := kubelet.UnsecuredDependencies(ctx, server, utilfeature.DefaultFeatureGate)
			if err != nil {
				return err
			}
			endpoint := server.ContainerRuntimeEndpoint
			cgroups := []string{cm.NodeAllocatableRoot(server.CgroupRoot, server.CgroupsPerQOS, server.CgroupDriver)}
			machine, err := cadvisor.New(cadvisor.NewImageFsInfoProvider(endpoint), server.RootDirectory, cgroups,
				cadvisor.UsingLegacyCadvisorStats(endpoint), server.LocalStorageCapacityIsolation)
			if err != nil {
				return err
			}
			dependencies.CAdvisorInterface = generousMachine{machine}
			return kubelet.Run(genericapiserver.SetupSignalContext(), server, dependencies, utilfeature.DefaultFeatureGate)
		},
	}
	flags.AddFlags(command.Flags())
	return command
}
