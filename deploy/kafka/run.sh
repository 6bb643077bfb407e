#!/bin/bash
# Runs a command against a real Apache Kafka on this machine:
#   deploy/kafka/run.sh go test ./pkg/bus/...
# The broker (KRaft, one node) listens on loopback only, keeps its data in a temporary
# folder and is gone when the command ends, however it ends. The command finds it in
# EARSHOT_TEST_KAFKA. Ports: KAFKA_PORT (19092) and the next one.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
port=${KAFKA_PORT:-19092}
lib=$here/target/lib
cluster_id=RWFyc2hvdFRlc3RLYWZrYQ # any 16 bytes, in base64
start_seconds=60

need() { command -v "$1" >/dev/null || { echo "$1 is missing; install it with: apt-get install $2" >&2; exit 1; }; }
need java openjdk-17-jre-headless
need mvn maven
[ $# -gt 0 ] || { echo "usage: run.sh COMMAND [ARGUMENT]..." >&2; exit 2; }

if [ ! -d "$lib" ] || [ "$here/pom.xml" -nt "$lib" ]; then
	rm -rf "$lib"
	mvn -q -B -f "$here/pom.xml" dependency:copy-dependencies
	touch "$lib"
fi

work=$(mktemp -d)
broker=
stop() {
	if [ -n "$broker" ]; then
		kill "$broker" 2>/dev/null || true
		wait "$broker" 2>/dev/null || true
	fi
	rm -rf "$work"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

java=(java -Xmx512m -Xms128m -XX:+UseSerialGC "-Dlog4j2.configurationFile=$here/log4j2.properties" -cp "$lib/*")
answers() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

cat >"$work/server.properties" <<PROPERTIES
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:$((port + 1))
listeners=PLAINTEXT://127.0.0.1:$port,CONTROLLER://127.0.0.1:$((port + 1))
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs=$work/log
auto.create.topics.enable=false
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
group.initial.rebalance.delay.ms=0
PROPERTIES

answers "$port" && { echo "port $port is taken; set KAFKA_PORT to a free one" >&2; exit 1; }
"${java[@]}" kafka.tools.StorageTool format -t "$cluster_id" -c "$work/server.properties" >"$work/format.out" 2>&1 ||
	{ cat "$work/format.out" >&2; exit 1; }
"${java[@]}" kafka.Kafka "$work/server.properties" >"$work/kafka.out" 2>&1 &
broker=$!
for ((i = 0; i < start_seconds * 10; i++)); do
	answers "$port" && break
	kill -0 "$broker" 2>/dev/null || { cat "$work/kafka.out" >&2; echo "the broker ended" >&2; exit 1; }
	sleep 0.1
done
answers "$port" || { cat "$work/kafka.out" >&2; echo "the broker did not start in $start_seconds s" >&2; exit 1; }

EARSHOT_TEST_KAFKA=127.0.0.1:$port "$@"
