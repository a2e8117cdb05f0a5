# Sourced by the launchers beside it, with $main set to the class to run and $jvm_options.
#
# In a distribution folder (bin/ beside lib/) it runs what is in lib/. In a checkout it runs the
# distribution under nlm-service/target/, which it builds first when that is missing or older than
# the sources:
#   NLMD_BUILD=never   do not build; fail when the distribution is missing
#   NLMD_JAVA_OPTS     more options for the Java virtual machine (they come last, so they win)
#   JAVA_HOME          which Java to use

fail() {
    echo "$(basename "$0"): $*" >&2
    exit 1
}

bin=$(dirname "$(readlink -f "$0")")
home=$(dirname "$bin")

# Whether the distribution is missing or older than anything it is made from.
stale() {
    [ -f "$distribution/.built" ] || return 0
    [ -n "$(find "$home/pom.xml" "$home/.mvn" "$home/bin" "$home"/*/pom.xml \
        "$home"/*/src/main "$home"/*/src/assembly -newer "$distribution/.built" -type f \
        -print 2>/dev/null | head -n 1)" ]
}

build() {
    command -v mvn >/dev/null || fail "needs Maven 3.8 (mvn) to build $distribution"
    mkdir -p "$home/nlm-service/target"
    (
        # Two launchers at once: the second waits for the first one's build, then finds it done.
        if command -v flock >/dev/null; then flock 9; fi
        stale || exit 0
        echo "$(basename "$0"): building, this takes a minute the first time" >&2
        started=$home/nlm-service/target/.build-started
        log=$home/nlm-service/target/.build-log
        touch "$started"
        # Layout and size of the sources are judged by "mvn verify", not by who wants to run it.
        (cd "$home" && mvn -q -B -Dstyle.color=never -Dmaven.test.skip -Dspotless.check.skip \
            -Dcheckstyle.skip -pl nlm-service -am package >"$log" 2>&1 9>&-) ||
            { sed "s/$(printf '\033')\[[0-9;]*m//g" "$log" >&2; exit 1; }
        touch -r "$started" "$distribution/.built"
    ) 9>"$home/nlm-service/target/.build-lock" || fail "the build failed, see above"
}

if [ -d "$home/lib" ]; then
    distribution=$home
else
    distribution=$home/nlm-service/target/nlmd
    if [ "${NLMD_BUILD:-auto}" != never ] && stale; then
        build
    fi
fi
[ -d "$distribution/lib" ] ||
    fail "$distribution is missing: run 'mvn package' in $home, or leave NLMD_BUILD unset"

java=${JAVA_HOME:+$JAVA_HOME/bin/}java
command -v "$java" >/dev/null || fail "needs Java 17 ($java not found): install it or set JAVA_HOME"

# shellcheck disable=SC2086 # options are words on purpose
exec "$java" $jvm_options ${NLMD_JAVA_OPTS:-} -cp "$distribution/lib/*" "$main" "$@"
