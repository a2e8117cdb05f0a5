/**
 * The toolkit beside other implementations of ONC RPC: C programs on libtirpc that the tests
 * compile, oncrpc4j in the same process, Debian's tools.
 *
 * <p>Never lives here: lock management.
 */
package org.oncrpckit.e2e.interop;
