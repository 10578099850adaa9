# Every target does its own set-up: Rust and a C compiler are enough.
CARGO ?= cargo

.PHONY: run test check audit bench peers soak sim bless

run: ## build, serve the drill space `kansai` on 127.0.0.1, print what to type next
	$(CARGO) run --release --locked -- serve --space drill/kansai --scenario scenarios/kansai

test: ## every test: unit, property, story, scenario, simulation (short form)
	$(CARGO) test --locked

check: ## format, lints, documentation
	$(CARGO) fmt --check
	$(CARGO) clippy --locked --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --locked --no-deps --document-private-items

audit: ## licences, bans, advisories
	@$(CARGO) deny --version >/dev/null 2>&1 || $(CARGO) install --locked cargo-deny
	$(CARGO) deny check

bench: ## criterion benches, ratios printed
	$(CARGO) bench --locked

peers: ## the travel-time engine beside RoutingKit, supplies beside LEMON; needs a C++ compiler
	TEST_DATA=$${TEST_DATA:-$(CURDIR)/../shared/data} $(CARGO) bench --locked --package peers

sim: ## one simulated history: make sim SEED=7
	$(CARGO) test --locked --test simulation

soak: ## what is too long for tests: 100,000 histories, 100,000 attempts of 64 clients, 100 kills
	SEEDS=100000 $(CARGO) test --release --locked --test simulation -- --nocapture
	CLIENTS=64 ATTEMPTS=100000 KILLS=100 $(CARGO) test --release --locked --test endurance -- --nocapture

bless: ## write the real output into the README's session and the drills' outcomes; fails when that changed something
	TRYCMD=overwrite $(CARGO) test --locked --test readme
	BLESS=1 $(CARGO) test --locked --lib every_drill_of_kansai
	git diff --exit-code README.md scenarios/kansai/drills/expected.txt
