/**
 * Small programs, each with a {@code main}, that show how the modules are used. The build compiles
 * them and its tests run them.
 *
 * <p>Never lives here: anything that another module needs.
 */
package org.oncrpckit.examples;
