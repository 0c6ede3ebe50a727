import kafka.Kafka;
import kafka.tools.StorageTool;

/**
 * Formats the log directory where that is still to be done, then runs the broker: one process, not two.
 *
 * <p>Arguments: {@code server.properties}, and the cluster id that a new directory gets.
 */
public final class KafkaLauncher {
    public static void main(String[] args) {
        String[] format = {"format", "--ignore-formatted", "--config", args[0], "--cluster-id", args[1]};
        int status = StorageTool.execute(format, System.out);
        if (status != 0) {
            System.exit(status);
        }
        Kafka.main(new String[] {args[0]});
    }

    private KafkaLauncher() {}
}
