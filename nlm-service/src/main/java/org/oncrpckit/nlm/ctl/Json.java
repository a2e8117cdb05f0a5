package org.oncrpckit.nlm.ctl;

import org.oncrpckit.nlm.admin.HostLine;
import org.oncrpckit.nlm.admin.LockLine;
import org.oncrpckit.nlm.admin.OwnerLine;
import org.oncrpckit.nlm.admin.ShareLine;
import org.oncrpckit.nlm.admin.WaitLine;
import org.oncrpckit.rpc.json.JsonWriter;
import org.oncrpckit.xdr.Opaque;

/** Lines as JSON objects. Field names are a promise: docs/operating.md lists them. */
final class Json {
    private Json() {}

    static void write(JsonWriter out, LockLine line) {
        out.object();
        fields(out, line);
        out.endObject();
    }

    static void write(JsonWriter out, WaitLine line) {
        out.object().object("waiter");
        fields(out, line.waiter());
        out.endObject().object("blocker");
        range(out, line.first(), line.last(), line.range());
        out.field("mode", line.mode()).field("held", line.held());
        owner(out, line.blocker());
        out.endObject().endObject();
    }

    static void write(JsonWriter out, ShareLine line) {
        out.object();
        file(out, line.file());
        out.field("access", line.access()).field("deny", line.deny());
        out.field("count", line.count()).field("ageSeconds", line.ageSeconds());
        owner(out, line.who());
        out.endObject();
    }

    static void write(JsonWriter out, HostLine line) {
        out.object().field("host", line.host()).array("aliases");
        line.aliases().forEach(out::element);
        out.endArray().field("name", line.name());
        out.field("nsmState", Integer.toUnsignedLong(line.nsmState()));
        out.field("monitored", line.monitored()).array("ways");
        line.ways().forEach(out::element);
        out.endArray();
        use(out, line.use());
        out.field("unacknowledged", line.use().unacknowledged());
        out.field("unconfirmed", line.use().unconfirmed());
        out.field("idleSeconds", line.idleSeconds()).endObject();
    }

    static void use(JsonWriter out, HostLine.Use use) {
        out.field("locks", use.locks()).field("waiters", use.waiters());
        out.field("shares", use.shares());
    }

    private static void fields(JsonWriter out, LockLine line) {
        file(out, line.file());
        range(out, line.first(), line.last(), line.range());
        out.field("mode", line.mode()).field("ageSeconds", line.ageSeconds());
        out.field("unconfirmed", line.unconfirmed());
        owner(out, line.who());
    }

    private static void file(JsonWriter out, Opaque file) {
        out.field("file", FileName.hex(file)).field("fileName", FileName.text(file));
    }

    private static void range(JsonWriter out, long first, long last, String text) {
        out.field("range", text).unsignedField("first", first);
        if (last == -1) {
            out.nullField("last");
        } else {
            out.unsignedField("last", last);
        }
    }

    private static void owner(JsonWriter out, OwnerLine who) {
        out.object("owner").field("id", who.id()).field("host", who.host());
        out.field("name", who.name()).unsignedField("number", who.number());
        out.field("handle", FileName.hex(who.handle())).field("way", who.way()).endObject();
    }
}
