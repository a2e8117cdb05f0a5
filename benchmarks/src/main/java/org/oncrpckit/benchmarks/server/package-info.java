/**
 * What the server costs a call.
 *
 * <p>Never lives here: anything that another module needs.
 */
package org.oncrpckit.benchmarks.server;
