/**
 * What the documents promise, held against the code.
 *
 * <p>Never lives here: how anything behaves; that is for the tests that the documents name.
 */
package org.oncrpckit.e2e.docs;
