package org.oncrpckit.xdr;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Builds the codec of a discriminated union (RFC 4506 section 4.15): a discriminant, then the arm
 * that it chooses.
 *
 * <pre>{@code
 * XdrCodec<Answer> answer =
 *         XdrUnion.on(STATUS, Answer::status)
 *                 .arm(Status.DENIED, Denied.class, DENIED)
 *                 .otherwise(Answer::of)
 *                 .build();
 * }</pre>
 *
 * @param <D> type of the discriminant
 * @param <T> type of the union
 */
public final class XdrUnion<D, T> {
    private final XdrCodec<D> discriminant;
    private final Function<? super T, ? extends D> discriminantOf;
    private final Map<D, Arm<? extends T>> arms = new HashMap<>();
    private @Nullable Function<? super D, ? extends T> otherwise;

    private XdrUnion(XdrCodec<D> discriminant, Function<? super T, ? extends D> discriminantOf) {
        this.discriminant = Objects.requireNonNull(discriminant, "discriminant");
        this.discriminantOf = Objects.requireNonNull(discriminantOf, "discriminantOf");
    }

    /**
     * Begins a union.
     *
     * @param discriminant how the discriminant travels
     * @param discriminantOf the discriminant of a value
     */
    public static <D, T> XdrUnion<D, T> on(
            XdrCodec<D> discriminant, Function<? super T, ? extends D> discriminantOf) {
        return new XdrUnion<>(discriminant, discriminantOf);
    }

    /**
     * An arm with content.
     *
     * @param choice the discriminant that chooses it
     * @param type the type of its values
     * @param content what follows the discriminant
     */
    public <A extends T> XdrUnion<D, T> arm(D choice, Class<A> type, XdrCodec<A> content) {
        Objects.requireNonNull(choice, "choice");
        if (arms.putIfAbsent(choice, new Arm<>(type, content)) != null) {
            throw new IllegalArgumentException("two arms for " + choice);
        }
        return this;
    }

    /**
     * All other discriminants have no content ({@code default: void}). Without this call they are
     * an error.
     *
     * @param value makes the value; an {@link IllegalArgumentException} from it means that the
     *     discriminant is invalid
     */
    public XdrUnion<D, T> otherwise(Function<? super D, ? extends T> value) {
        otherwise = Objects.requireNonNull(value, "value");
        return this;
    }

    /** The codec; later changes of this builder do not reach it. */
    public XdrCodec<T> build() {
        return new Codec<>(this);
    }

    /** One arm. */
    private record Arm<A>(Class<A> type, XdrCodec<A> content) {
        Arm {
            Objects.requireNonNull(type, "type");
            Objects.requireNonNull(content, "content");
        }

        void encode(XdrWriter writer, Object value) {
            if (!type.isInstance(value)) {
                throw new IllegalArgumentException(
                        value + " (expected: a " + type.getSimpleName() + ")");
            }
            content.encode(writer, type.cast(value));
        }
    }

    /** The whole union. */
    private static final class Codec<D, T> extends Structure<T> {
        private final XdrCodec<D> discriminant;
        private final Function<? super T, ? extends D> discriminantOf;
        private final Map<D, Arm<? extends T>> arms;
        private final @Nullable Function<? super D, ? extends T> otherwise;

        Codec(XdrUnion<D, T> union) {
            discriminant = union.discriminant;
            discriminantOf = union.discriminantOf;
            arms = Map.copyOf(union.arms);
            otherwise = union.otherwise;
        }

        @Override
        public void encode(XdrWriter writer, T value) {
            D choice = discriminantOf.apply(value);
            Arm<? extends T> arm = arms.get(choice);
            if (arm == null && otherwise == null) {
                throw new IllegalArgumentException(
                        "discriminant " + choice + " (expected: one of " + arms.keySet() + ")");
            }
            discriminant.encode(writer, choice);
            if (arm != null) {
                arm.encode(writer, value);
            }
        }

        @Override
        T decodeFields(XdrReader reader) throws XdrException {
            D choice = discriminant.decode(reader);
            Arm<? extends T> arm = arms.get(choice);
            if (arm != null) {
                return arm.content().decode(reader);
            }
            if (otherwise == null) {
                throw new XdrException(
                        "discriminant %s before offset %d (expected: one of %s)"
                                .formatted(choice, reader.position(), arms.keySet()));
            }
            return otherwise.apply(choice);
        }
    }
}
