package org.oncrpckit.xdr;

/** A codec whose values may refuse the fields that were decoded for them. */
abstract class Structure<T> implements XdrCodec<T> {
    /**
     * Decodes the fields and makes the value.
     *
     * @throws IllegalArgumentException when the value does not accept its fields
     */
    abstract T decodeFields(XdrReader reader) throws XdrException;

    @Override
    public final T decode(XdrReader reader) throws XdrException {
        int offset = reader.position();
        try {
            return decodeFields(reader);
        } catch (IllegalArgumentException e) {
            throw new XdrException("value at offset " + offset + ": " + e.getMessage(), e);
        }
    }
}
