package org.oncrpckit.rpc.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgramNamesTest {
    @Test
    void tableAddsToTheWellKnownNames(@TempDir Path folder) throws Exception {
        Path table = folder.resolve("rpc");
        Files.writeString(
                table,
                """
                # a comment
                bwnfsd          788585389\tbw  # another
                broken
                toolarge 4294967296
                nfs_server 100003 files
                """);
        ProgramNames names = ProgramNames.with(table);
        assertThat(names.nameOf(788_585_389)).contains("bwnfsd");
        assertThat(names.numberOf("BW")).hasValue(788_585_389);
        assertThat(names.numberOf("nfs")).as("well known").hasValue(100_003);
        assertThat(names.nameOf(100_003)).as("the table wins").contains("nfs_server");
        assertThat(names.numberOf("toolarge")).isEmpty();
        assertThat(names.numberOf("another")).isEmpty();
    }

    @Test
    void numbersAreUnsigned() {
        ProgramNames names = ProgramNames.with(Path.of("/nonexistent"));
        assertThat(names.numberOf("4294967295")).hasValue(-1);
        assertThat(names.describe(-1)).isEqualTo("program 4294967295");
        assertThat(names.describe(100_021)).isEqualTo("nlockmgr (100021)");
        assertThat(names.numberOf("-1")).isEmpty();
    }
}
