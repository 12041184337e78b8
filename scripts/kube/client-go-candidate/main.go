// SPDX-License-Identifier: Apache-2.0

// Command client-go-candidate competes for a Lease with client-go's elector, as its examples do (ReleaseOnCancel), and
// prints a line for each step of its leadership. Our tests let it compete with our elector; our bench measures both.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/leaderelection"
	"k8s.io/client-go/tools/leaderelection/resourcelock"
)

// say prints "MILLIS WORD": milliseconds since 1970, as all candidates of a run are on one machine.
func say(word string) {
	fmt.Printf("%d %s\n", time.Now().UnixMilli(), word)
}

func main() {
	kubeconfig := flag.String("kubeconfig", "", "path of the kubeconfig")
	namespace := flag.String("namespace", "default", "the Lease's namespace")
	lease := flag.String("lease", "", "the Lease's name")
	identity := flag.String("identity", "", "this candidate's identity")
	duration := flag.Duration("lease-duration", 15*time.Second, "LeaseDuration")
	deadline := flag.Duration("renewal-deadline", 10*time.Second, "RenewDeadline")
	retry := flag.Duration("retry-period", 2*time.Second, "RetryPeriod")
	tick := flag.Duration("tick", time.Second, "how often the leader does its task")
	flag.Parse()

	config, err := clientcmd.BuildConfigFromFlags("", *kubeconfig)
	if err != nil {
		fmt.Fprintln(os.Stderr, "client-go-candidate:", err)
		os.Exit(1)
	}
	client := kubernetes.NewForConfigOrDie(config)
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	leaderelection.RunOrDie(ctx, leaderelection.LeaderElectionConfig{
		Lock: &resourcelock.LeaseLock{
			LeaseMeta:  metav1.ObjectMeta{Name: *lease, Namespace: *namespace},
			Client:     client.CoordinationV1(),
			LockConfig: resourcelock.ResourceLockConfig{Identity: *identity},
		},
		ReleaseOnCancel: true,
		LeaseDuration:   *duration,
		RenewDeadline:   *deadline,
		RetryPeriod:     *retry,
		Callbacks: leaderelection.LeaderCallbacks{
			OnStartedLeading: func(leading context.Context) {
				say("START")
				for {
					say("TICK")
					select {
					case <-leading.Done():
						return
					case <-time.After(*tick):
					}
				}
			},
			OnStoppedLeading: func() { say("STOP") },
			OnNewLeader:      func(id string) { say("LEADER " + id) },
		},
	})
}
