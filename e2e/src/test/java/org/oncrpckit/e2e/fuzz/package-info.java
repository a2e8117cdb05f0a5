/**
 * Fuzz targets for everything that decodes what a stranger sent. Each build runs them over the
 * corpus in {@code src/test/resources}; {@code docs/testing.md} says how to let them search.
 *
 * <p>Never lives here: a test of what is done with what was decoded.
 */
package org.oncrpckit.e2e.fuzz;
