/**
 * Scenarios with real Linux kernels as clients of {@code bin/nlmd}, the commands as somebody at a
 * terminal sees them, and the rules that hold the structure of the code.
 *
 * <ul>
 *   <li>kernels lock, wait, and are called back: {@link LockingScenarios}, {@link
 *       ContentionScenarios}, {@link CallbackScenarios}, {@link AddressScenarios}; for minutes:
 *       {@link SoakScenarios}
 *   <li>programs with our lock client: {@link JavaClientScenarios}, {@link GaneshaScenarios}, and
 *       with kernels in one queue: {@link OrderOfArrivalScenarios}
 *   <li>crashes, restarts, reclaims: {@link RecoveryScenarios}, {@link ExternalStatdScenarios},
 *       {@link FaultScenarios}, {@link ReclaimJournalTest}, {@link StateFolderFaultsTest}
 *   <li>rpcbind: {@link RegistrationScenarios}, {@link EmbeddedRpcbindScenarios}, {@link
 *       RpcbindAutoTest}
 *   <li>commands: {@link DaemonCommandTest}, {@link NsmdCommandTest}, {@link OperatorCommandTest},
 *       {@link ControlSocketTest}, {@link ProbeScenarios}
 *   <li>hostile or unlucky peers: {@link HostileBytesTest}, {@link HostileLoadTest}, {@link
 *       LogFloodTest}, {@link NoticeFloodOnLocksTest}, {@link DelayedDuplicatesTest}
 *   <li>the wire as others read it: {@link LockTrafficDissectorTest}
 *   <li>what a newcomer does first: {@link ExamplesRunTest}, {@link StrangersProjectTest}
 *   <li>rules: {@link ArchitectureTest}, {@link CallBacksWithoutLocksTest}; the test bed itself:
 *       {@link ServerSideTest}
 * </ul>
 *
 * <p>What drives them: {@link LinuxClients} and {@link Guest} for kernels, {@link JavaHost} and
 * {@link LockProgram} for Java programs, {@link ServerSide} and {@link NlmdUnderTest} for the
 * server beside an NFS server, {@link LocalDaemon} for a daemon alone on loopback, {@link Capture}
 * and {@link LoopbackCapture} for what passes between them, which the {@link Dissector} reads.
 *
 * <p>Never lives here: a stand-in for any of them.
 */
package org.oncrpckit.e2e;
