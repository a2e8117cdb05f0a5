package org.oncrpckit.e2e;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Which package may know which. */
@AnalyzeClasses(packages = "org.oncrpckit", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule modulesDependInOneDirection =
            layeredArchitecture()
                    .consideringOnlyDependenciesInAnyPackage("org.oncrpckit..")
                    .layer("xdr")
                    .definedBy("org.oncrpckit.xdr")
                    .layer("messages")
                    .definedBy("org.oncrpckit.rpc")
                    .layer("transport")
                    .definedBy("org.oncrpckit.rpc.transport")
                    .layer("simulation")
                    .definedBy("org.oncrpckit.rpc.simulation")
                    .layer("socket")
                    .definedBy("org.oncrpckit.rpc.socket")
                    .layer("client")
                    .definedBy("org.oncrpckit.rpc.client", "org.oncrpckit.rpc.rpcbind")
                    .layer("metrics")
                    .definedBy("org.oncrpckit.rpc.metrics")
                    .layer("probe")
                    .definedBy("org.oncrpckit.rpc.probe")
                    .layer("server")
                    .definedBy("org.oncrpckit.rpc.server..")
                    .layer("lock")
                    .definedBy("org.oncrpckit.lock")
                    .layer("nsm")
                    .definedBy("org.oncrpckit.nsm", "org.oncrpckit.nsm.protocol")
                    .layer("nsmDaemon")
                    .definedBy("org.oncrpckit.nsm.daemon")
                    .layer("nlm")
                    .definedBy("org.oncrpckit.nlm..")
                    .whereLayer("nlm")
                    .mayNotBeAccessedByAnyLayer()
                    .whereLayer("nsm")
                    .mayOnlyBeAccessedByLayers("nsmDaemon", "nlm")
                    .whereLayer("nsmDaemon")
                    .mayOnlyBeAccessedByLayers("nlm")
                    .whereLayer("lock")
                    .mayOnlyBeAccessedByLayers("nlm")
                    .whereLayer("server")
                    .mayOnlyBeAccessedByLayers("nsm", "nsmDaemon", "nlm")
                    .whereLayer("probe")
                    .mayNotBeAccessedByAnyLayer()
                    .whereLayer("client")
                    .mayOnlyBeAccessedByLayers("probe", "server", "nsm", "nsmDaemon", "nlm")
                    .whereLayer("metrics")
                    .mayOnlyBeAccessedByLayers("client", "server", "nsm", "nsmDaemon", "nlm")
                    .whereLayer("simulation")
                    .mayNotBeAccessedByAnyLayer()
                    .whereLayer("socket")
                    .mayOnlyBeAccessedByLayers("probe", "nsmDaemon", "nlm")
                    .whereLayer("transport")
                    .mayOnlyBeAccessedByLayers(
                            "simulation",
                            "socket",
                            "client",
                            "probe",
                            "server",
                            "nsm",
                            "nsmDaemon",
                            "nlm")
                    .whereLayer("messages")
                    .mayOnlyBeAccessedByLayers(
                            "transport",
                            "simulation",
                            "socket",
                            "client",
                            "probe",
                            "server",
                            "nsm",
                            "nsmDaemon",
                            "nlm")
                    .because("docs/architecture.md draws these layers");

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("org.oncrpckit.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule lockCoreIsPure =
            noClasses()
                    .that()
                    .resideInAPackage("org.oncrpckit.lock")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "java.net..", "java.nio.channels..", "java.nio.file..", "java.time..")
                    .orShould()
                    .dependOnClassesThat()
                    .haveFullyQualifiedName("java.lang.Thread")
                    .because("the same operations must give the same results on every replica");

    @ArchTest
    static final ArchRule messagesTouchNoSocketThreadOrClock =
            noClasses()
                    .that()
                    .resideInAnyPackage("org.oncrpckit.xdr", "org.oncrpckit.rpc")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("java.net..", "java.nio.channels..", "java.time..")
                    .orShould()
                    .dependOnClassesThat()
                    .haveFullyQualifiedName("java.lang.Thread");

    @ArchTest
    static final ArchRule onlySocketsKnowGrizzly =
            noClasses()
                    .that()
                    .resideOutsideOfPackages(
                            "org.oncrpckit.rpc.socket", "org.oncrpckit.rpc.server.oncrpc4j")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("org.glassfish.grizzly..")
                    .because("oncrpc4j's Xdr is a Grizzly buffer, everything else is sockets");

    @ArchTest
    static final ArchRule librariesKnowNoLogBackend =
            noClasses()
                    .that()
                    .resideOutsideOfPackages("org.oncrpckit.nlm.daemon", "org.oncrpckit.nsm.daemon")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("ch.qos.logback..");

    @ArchTest
    static final ArchRule onlyCommandsParseCommandLines =
            noClasses()
                    .that()
                    .resideOutsideOfPackages(
                            "org.oncrpckit.nlm.daemon",
                            "org.oncrpckit.nlm.ctl",
                            "org.oncrpckit.nsm.daemon",
                            "org.oncrpckit.rpc.probe")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("picocli..");
}
