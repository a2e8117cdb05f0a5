/**
 * JSON as the commands print it for programs.
 *
 * <p>Never lives here: reading JSON, and the names of fields, which are their commands' own.
 */
@NullMarked
package org.oncrpckit.rpc.json;

import org.jspecify.annotations.NullMarked;
