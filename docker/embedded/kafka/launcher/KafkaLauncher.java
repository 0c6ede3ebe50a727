import kafka.Kafka;
import kafka.tools.StorageTool;

/**
 * Formats the log directory where that is still to be done, then runs the broker: one process, not two.
 *
 * <p>Argument: {@code server.properties}.
 */
public final class KafkaLauncher {
    /** 16 bytes in base64, as Kafka wants it. Fixed: formatting again must find the same one. */
    private static final String CLUSTER_ID = "bmV3c3dpcmUtc3RhY2stMQ";

    public static void main(String[] args) {
        String[] format = {"format", "--ignore-formatted", "--config", args[0], "--cluster-id", CLUSTER_ID};
        int status = StorageTool.execute(format, System.out);
        if (status != 0) {
            System.exit(status);
        }
        Kafka.main(new String[] {args[0]});
    }

    private KafkaLauncher() {}
}
