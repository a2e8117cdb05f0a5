package org.oncrpckit.lock;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LockModeTest {
    @Test
    void onlySharedGoesWithShared() {
        assertThat(LockMode.SHARED.conflictsWith(LockMode.SHARED)).isFalse();
        assertThat(LockMode.SHARED.conflictsWith(LockMode.EXCLUSIVE)).isTrue();
        assertThat(LockMode.EXCLUSIVE.conflictsWith(LockMode.SHARED)).isTrue();
        assertThat(LockMode.EXCLUSIVE.conflictsWith(LockMode.EXCLUSIVE)).isTrue();
    }
}
