package dev.slipway.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.TextFormat;

import dev.slipway.agent.v1.CreateArtifactRequest;
import dev.slipway.agent.v1.ExchangeRequest;
import dev.slipway.api.v1.Run;
import dev.slipway.api.v1.SubmitRunRequest;
import dev.slipway.journal.v1.Event;
import dev.slipway.journal.v1.RunHead;

import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// One message of every type of the three protocols with every field filled, from nothing but its
/// descriptor. A type with alternatives (`oneof`) has as many samples as its widest one.
///
/// `main` prints them as golden lines: at a release its output becomes a new golden file.
final class SampleMessages {
    private static final int DEEPEST = 3;

    private static final List<FileDescriptor> FILES =
            List.of(
                    CreateArtifactRequest.getDescriptor().getFile(),
                    ExchangeRequest.getDescriptor().getFile(),
                    Run.getDescriptor().getFile(),
                    SubmitRunRequest.getDescriptor().getFile(),
                    Event.getDescriptor().getFile(),
                    RunHead.getDescriptor().getFile());

    private SampleMessages() {}

    /// @param args ignored
    public static void main(String[] args) {
        for (Descriptor type : types().values()) {
            for (int variant = 0; variant < variants(type); variant++) {
                DynamicMessage sample = sample(type, variant, 0);
                System.out.println(
                        type.getFullName()
                                + " "
                                + HexFormat.of().formatHex(sample.toByteArray())
                                + " "
                                + text(sample));
            }
        }
    }

    /// Every message type by its full name, nested ones too.
    static SortedMap<String, Descriptor> types() {
        var types = new TreeMap<String, Descriptor>();
        FILES.forEach(file -> file.getMessageTypes().forEach(type -> collect(type, types)));
        return types;
    }

    static String text(DynamicMessage message) {
        return TextFormat.printer().emittingSingleLine(true).printToString(message);
    }

    private static void collect(Descriptor type, SortedMap<String, Descriptor> types) {
        if (!type.getOptions().getMapEntry()) {
            types.put(type.getFullName(), type);
            type.getNestedTypes().forEach(nested -> collect(nested, types));
        }
    }

    private static int variants(Descriptor type) {
        return type.getRealOneofs().stream()
                .mapToInt(choice -> choice.getFieldCount())
                .max()
                .orElse(1);
    }

    private static DynamicMessage sample(Descriptor type, int variant, int depth) {
        var message = DynamicMessage.newBuilder(type);
        for (FieldDescriptor field : type.getFields()) {
            var choice = field.getRealContainingOneof();
            boolean chosen =
                    choice == null || choice.getField(variant % choice.getFieldCount()) == field;
            boolean tooDeep =
                    field.getJavaType() == FieldDescriptor.JavaType.MESSAGE && depth >= DEEPEST;
            if (!chosen || tooDeep) {
                continue;
            }
            if (field.isRepeated()) {
                message.addRepeatedField(field, value(field, depth));
            } else {
                message.setField(field, value(field, depth));
            }
        }
        return message.build();
    }

    private static Object value(FieldDescriptor field, int depth) {
        return switch (field.getJavaType()) {
            case INT -> 1_000 + field.getNumber();
            case LONG -> 5_000_000_000L + field.getNumber();
            case FLOAT -> field.getNumber() + 0.5f;
            case DOUBLE -> field.getNumber() + 0.25;
            case BOOLEAN -> true;
            case STRING -> field.getName() + " ü";
            case BYTE_STRING -> ByteString.copyFromUtf8(field.getName());
            case ENUM -> field.getEnumType().getValues().getLast();
            case MESSAGE -> sample(field.getMessageType(), field.getNumber(), depth + 1);
        };
    }
}
