# Few targets; `make help` lists them. Stamp files in .venv keep a second run short.
.DEFAULT_GOAL := help
.PHONY: help install run test test-faults storms test-histories fuzz torture check-book lint front check-front words screens exports near beside giant timetable market bench bench-browser bench-sheets comeback test-cluster lock clean

STAGE ?= vote
ARGS ?=
# Each of two workers takes whole files, with a browser, a server and a folder of its own; WORKERS=0 runs all in one process.
WORKERS ?= 2
export PYTHON CHROMIUM

BIN := .venv/bin
FRONT := facilitation/static
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
INSTALLED := .venv/.installed
LIBRARIES := .venv/.libraries
DEVELOPED := .venv/.developed
CHECKERS := .venv/.checkers
MODULES := $(FRONT)/node_modules/.package-lock.json
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	--no-annotate --extra build --extra cluster

help: ## liste les commandes
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1 : \2/p' $(MAKEFILE_LIST) \
		| awk -F' : ' '{ printf "%-20s %s\n", $$1, $$2 }'

install: $(INSTALLED) $(LIBRARIES) ## prépare .venv, avec la commande .venv/bin/facilitation

run: install ## ouvre un forum de démonstration ; STAGE=propositions|vote|ateliers|engagements|cloture
	@$(BIN)/facilitation demo --stage $(STAGE) $(ARGS)

test: $(DEVELOPED) $(LIBRARIES) ## toute la suite d'essais, navigateur compris ; ARGS="-k vote" en choisit
	@CHROMIUM="$$(sh deploy/system.sh chromium)" && export CHROMIUM && $(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(ARGS)

test-histories: $(DEVELOPED) ## cent mille histoires tirées au sort de murs et de votes ; ARGS="--from 0 --to 100000 --into suite.json"
	@$(BIN)/python -m tests.histories $(ARGS)

test-faults: $(DEVELOPED) ## cent forums où tout casse, puis des serveurs faussés exprès, qui doivent être pris
	@$(BIN)/python -m tests.faults --to 100
	@$(BIN)/python -m tests.faults --sabotage

comeback: $(DEVELOPED) ## dit en combien de temps 1 500 téléphones reviennent après un redémarrage ; ARGS="--phones 300"
	@$(BIN)/python -m tools.comeback $(ARGS)

storms: $(DEVELOPED) ## mille forums où tout casse ; reprend où il en était ; ARGS="--to 1000 --into suite.jsonl"
	@$(BIN)/python -m tests.faults --to 1000 --into storms.jsonl $(ARGS)

fuzz: $(DEVELOPED) ## cent mille envois inventés à toutes les portes ; ARGS="--from 0 --to 500 --into suite.json"
	@$(BIN)/python -m tests.fuzzing $(ARGS)

torture: $(DEVELOPED) $(LIBRARIES) ## cinq portables sur une fiche et un réseau qui casse, 200 tirages ; reprend où il en était
	@CHROMIUM="$$(sh deploy/system.sh chromium)" && export CHROMIUM && $(BIN)/python -m tests.front.torture $(ARGS)

lint: $(DEVELOPED) ## style et types
	@$(BIN)/ruff check .
	@$(BIN)/mypy

front: $(MODULES) ## refait les pages à partir de leurs sources (demande Node 18 ou plus)
	@node $(FRONT)/build.mjs --strict

check-front: $(MODULES) ## vérifie que les pages gardées ici viennent bien de leurs sources
	@node $(FRONT)/build.mjs --check

words: $(DEVELOPED) ## relève les phrases à traduire, met à jour l'anglais, compile
	@$(BIN)/python -m tools.words

check-book: $(CHECKERS) $(LIBRARIES) ## passe trois comptes-rendus, dont un géant, aux vérificateurs ; ARGS="demo 2016 geant" ; reprend
	@CHROMIUM="$$(sh deploy/system.sh chromium)" && export CHROMIUM && $(BIN)/python -m tools.check_book $(ARGS)

screens: $(DEVELOPED) $(LIBRARIES) ## refait les images de docs/images
	@CHROMIUM="$$(sh deploy/system.sh chromium)" && export CHROMIUM && $(BIN)/python -m tests.screens $(ARGS)

timetable: $(DEVELOPED) ## dit ce que vaut la grille calculée, à côté d’une grille gloutonne et du hasard ; ARGS="--seeds 5"
	@$(BIN)/python -m tools.timetable $(ARGS)

near: $(DEVELOPED) ## dit ce que valent les sujets proches : combien sont trouvés, combien à tort ; ARGS=--misses les nomme
	@$(BIN)/python -m tools.near $(ARGS)

market: $(DEVELOPED) ## joue le marché : 1 500 téléphones proposent, votent, prennent une case ; ARGS="--phones 300"
	@$(BIN)/python -m facilitation.cli rehearse --market --phones 1500 $(ARGS)

bench: $(DEVELOPED) ## mesure une salle pleine, à côté d’une référence sur Node ; ARGS="--phones 1000"
	@cd tools/bench/reference && npm ci --silent --nodedir="$$(dirname "$$(dirname "$$(command -v node)")")"
	@$(BIN)/python -m tools.bench $(ARGS)

bench-browser: $(DEVELOPED) $(LIBRARIES) ## mesure la page dans un vrai Chromium, en 4G lente, pendant que 1 000 téléphones scannent
	@CHROMIUM="$$(sh deploy/system.sh chromium)" && export CHROMIUM && $(BIN)/python -m tools.bench --browser $(ARGS)

bench-sheets: $(DEVELOPED) ## mesure la frappe dans les fiches, à côté de Hocuspocus ; ARGS="--works alone together"
	@cd tools/bench_sheets/reference && npm ci --silent --nodedir="$$(dirname "$$(dirname "$$(command -v node)")")"
	@$(BIN)/python -m tools.bench_sheets $(ARGS)

test-cluster: $(DEVELOPED) ## éprouve trois processus sur PostgreSQL et Redis derrière nginx, une journée comprise ; ARGS="--only Redis"
	@$(BIN)/python -m tools.cluster $(ARGS)

beside: $(DEVELOPED) $(LIBRARIES) ## mesure les votes pendant que le compte-rendu se fabrique, cinq paires ; ARGS="--pairs 1"
	@$(BIN)/python -m tools.beside $(ARGS)

giant: $(DEVELOPED) $(LIBRARIES) ## mesure le plus gros compte-rendu, à côté d’un repère ; ARGS="--runs 3"
	@$(BIN)/python -m tools.giant $(ARGS)

exports: $(INSTALLED) $(LIBRARIES) ## refait le compte-rendu de la démonstration, dans exports/demo
	@$(BIN)/python -m tools.exports $(ARGS)

lock: $(DEVELOPED) ## relève les versions des dépendances ; ARGS=--upgrade prend les plus récentes
	@$(LOCK) $(ARGS) pyproject.toml --output-file requirements.lock
	@$(LOCK) $(ARGS) --extra dev --constraint requirements.lock pyproject.toml --output-file requirements-dev.lock
	@$(LOCK) $(ARGS) --extra dev --extra check --constraint requirements-dev.lock pyproject.toml --output-file requirements-check.lock

clean: ## enlève ce que make a installé ici (les forums restent)
	@rm -rf .venv $(FRONT)/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis *.egg-info

$(BIN)/python:
	@found="$$(sh deploy/system.sh python)" && { "$$found" -m venv .venv || { rm -rf .venv; exit 1; }; }

$(INSTALLED): requirements.lock pyproject.toml | $(BIN)/python
	@echo "Installation des dépendances dans .venv (environ une minute)…"
	@$(PIP) install --no-deps --require-hashes -r requirements.lock
	@$(PIP) install --no-build-isolation --no-deps --editable .
	@touch $@

$(LIBRARIES): deploy/system.sh | $(BIN)/python
	@PYTHON=$(BIN)/python sh deploy/system.sh libraries
	@touch $@

$(DEVELOPED): requirements-dev.lock $(INSTALLED)
	@echo "Installation des outils d'essai dans .venv…"
	@$(PIP) install --no-deps --require-hashes -r requirements-dev.lock
	@touch $@

$(CHECKERS): requirements-check.lock $(DEVELOPED)
	@echo "Installation des vérificateurs du compte-rendu dans .venv…"
	@$(PIP) install --no-deps --require-hashes -r requirements-check.lock
	@touch $@

$(MODULES): $(FRONT)/package-lock.json
	@command -v npm >/dev/null || { echo "Il faut Node 18 ou plus récent et npm : sudo apt-get install nodejs npm"; exit 1; }
	@cd $(FRONT) && npm ci --silent
	@touch $@
